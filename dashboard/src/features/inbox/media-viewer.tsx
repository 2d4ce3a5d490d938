'use client';
import type { MessageView } from '@wasel/backend/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { cx } from '@/lib/cx';
import { buttonClass, IconButton } from '@/ui/button';
import { Modal } from '@/ui/modal';
import { useChatting } from './chat-actions';
import { timeOf } from './days';
import { messagesQuery } from './inbox.api';
import { isViewable } from './message.rules';

/** On black in every theme, as pictures are looked at. */
const CONTROL = 'text-white hover:bg-white/15 hover:text-white focus-visible:outline-white';

/** The pictures and films of a chat, large, one after the other. Arrows lead to the next, as they point. */
export default function MediaViewer({ message: first, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox.mediaViewer');
  const [id, setId] = useState(first.id);
  const { data } = useInfiniteQuery(messagesQuery(first.conversation_id));
  const all = (data?.pages.flatMap(({ items }) => items) ?? []).filter(isViewable).toReversed();
  const at = all.findIndex((one) => one.id === id);
  const message = all[at] ?? first;
  const [older, newer] = [all[at - 1], at === -1 ? undefined : all[at + 1]];
  const go = (to: MessageView | undefined): void => {
    if (to) setId(to.id);
  };
  return (
    <Modal
      aria-label={t('title')}
      leave={leave}
      className="fixed inset-0 m-0 h-dvh max-h-none w-screen max-w-none overflow-hidden"
      onKeyDownCapture={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        if (event.target instanceof HTMLVideoElement) return; // it seeks
        const rightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
        go((event.key === 'ArrowRight') === rightToLeft ? older : newer);
      }}
    >
      <div className="flex h-full min-h-0 flex-col bg-black text-white">
        <Head message={message} leave={leave} />
        <div className="relative flex min-h-0 grow items-center justify-center px-2 sm:px-16">
          <Shown key={message.id} message={message} />
          {older ? (
            <IconButton
              look="ghost"
              label={t('previous')}
              className={cx(CONTROL, 'absolute inset-y-0 start-2 my-auto rounded-full bg-black/50')}
              onClick={() => go(older)}
            >
              <ChevronLeft className="size-6 rtl:-scale-x-100" aria-hidden />
            </IconButton>
          ) : null}
          {newer ? (
            <IconButton
              look="ghost"
              label={t('next')}
              className={cx(CONTROL, 'absolute inset-y-0 end-2 my-auto rounded-full bg-black/50')}
              onClick={() => go(newer)}
            >
              <ChevronRight className="size-6 rtl:-scale-x-100" aria-hidden />
            </IconButton>
          ) : null}
        </div>
        <p dir="auto" className="max-h-[20dvh] min-h-14 overflow-y-auto px-6 py-4 text-center wrap-anywhere">
          {message.text}
        </p>
      </div>
    </Modal>
  );
}

function Head({ message, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const { name } = useChatting();
  return (
    <header className="flex items-center gap-2 p-3 ps-5">
      <span className="grid min-w-0 grow text-sm">
        <bdi className="truncate font-medium">{message.direction === 'outbound' ? t('you') : name}</bdi>
        <time dateTime={message.created_at} className="truncate text-xs text-white/75">
          {format.dateTime(timeOf(message), { dateStyle: 'medium', timeStyle: 'short' })}
        </time>
      </span>
      <a
        href={message.media?.url}
        download={message.media?.file_name ?? ''}
        aria-label={t('save')}
        title={t('save')}
        className={buttonClass('ghost', cx(CONTROL, 'size-10 shrink-0 px-0'))}
      >
        <Download className="size-5" aria-hidden />
      </a>
      <IconButton look="ghost" label={t('close')} className={CONTROL} onClick={leave}>
        <X className="size-5" aria-hidden />
      </IconButton>
    </header>
  );
}

function Shown({ message: { media, text, type } }: { message: MessageView }) {
  const t = useTranslations('inbox');
  if (!media) return null;
  if (type === 'image')
    return (
      // oxlint-disable-next-line nextjs/no-img-element -- signed links are fetched as they are
      <img src={media.url} alt={text ?? t('image')} className="max-h-full max-w-full object-contain" />
    );
  return (
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
    <video
      src={media.url}
      aria-label={text ?? t(`types.${type}`)}
      controls
      autoPlay
      loop={type === 'gif'}
      muted={type === 'gif'}
      playsInline
      className="max-h-full max-w-full"
    />
  );
}
