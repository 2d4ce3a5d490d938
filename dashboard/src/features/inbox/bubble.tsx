'use client';
import type { MessageView } from '@wasel/backend/contract';
import { FileText } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { Skeleton } from '@/ui/states';
import { useRetry } from './inbox.api';
import { Ticks } from './ticks';

export function Bubble({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const retry = useRetry();
  const ours = message.direction === 'outbound';
  return (
    <li className={cx('flex', ours ? 'justify-end' : 'justify-start')}>
      <article
        className={cx(
          'grid max-w-[82%] gap-1 rounded-2xl px-3.5 py-2 text-sm shadow-xs',
          ours ? 'bg-bubble' : 'bg-surface',
        )}
      >
        <Attachment message={message} />
        {message.text ? (
          <p dir="auto" className="whitespace-pre-wrap break-words leading-6">
            {message.text}
          </p>
        ) : null}
        {message.type === 'unsupported' ? <p className="text-quiet italic">{t('unsupported')}</p> : null}
        <footer className="flex items-center justify-end gap-1 text-[11px] text-quiet">
          <time dateTime={message.created_at}>
            {format.dateTime(new Date(message.sent_at ?? message.created_at), { timeStyle: 'short' })}
          </time>
          {ours ? <Ticks status={message.status} /> : null}
        </footer>
        {message.status === 'failed' ? (
          <p className="flex items-center justify-between gap-3 text-xs text-bad">
            {t.has(`failures.${message.error_code ?? ''}`)
              ? t(`failures.${message.error_code ?? ''}`)
              : t('failures.other')}
            <button type="button" className="min-h-6 font-medium underline" onClick={() => retry.mutate(message.id)}>
              {t('sendAgain')}
            </button>
          </p>
        ) : null}
      </article>
    </li>
  );
}

function Attachment({ message: { media, media_state: state, type } }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  if (state === 'pending') return <Skeleton className="h-32 w-56" />;
  if (state === 'failed') return <p className="text-quiet italic">{t('fileGone')}</p>;
  if (!media) return null;
  if (type === 'image' || type === 'sticker') {
    return (
      <a href={media.url} target="_blank" rel="noreferrer">
        {/* oxlint-disable-next-line nextjs/no-img-element -- signed links are fetched as they are */}
        <img
          src={media.url}
          alt={t('image')}
          width={media.width ?? 280}
          height={media.height ?? 200}
          className="max-h-72 w-auto rounded-xl"
        />
      </a>
    );
  }
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
  if (type === 'audio' || type === 'voice') return <audio controls src={media.url} className="max-w-full" />;
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
  if (type === 'video') return <video controls src={media.url} className="max-h-72 rounded-xl" />;
  return (
    <a href={media.url} className="flex items-center gap-3 rounded-xl bg-raised px-3 py-2.5">
      <FileText className="size-5 shrink-0 text-accent" aria-hidden />
      <span className="grid">
        <span dir="auto" className="font-medium">
          {media.file_name ?? t('document')}
        </span>
        <span className="text-xs text-quiet">
          {format.number(media.size_bytes / 1024, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })}
        </span>
      </span>
    </a>
  );
}
