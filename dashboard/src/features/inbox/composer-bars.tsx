'use client';
import { AtSign, FileText, Pencil, Reply, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { IconButton } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Select } from '@/ui/select';
import { useWriter } from './chat-actions';
import type { About } from './composer';
import { type Attached, type SendAs, takesViewOnce, waysToSend } from './message.rules';
import { useFileSize } from './use-file-size';

/** The message that is answered or changed, over the box. */
export function AboutBar({ about: { kind, message }, forget }: { about: About; forget: () => void }) {
  const t = useTranslations('inbox');
  const writerOf = useWriter();
  const Icon = kind === 'edit' ? Pencil : Reply;
  const who = writerOf(message);
  return (
    <div className="flex min-w-0 items-center gap-2 rounded-lg border-s-4 border-accent bg-raised py-1 ps-3 text-sm">
      <Icon className="size-4 shrink-0 text-accent rtl:-scale-x-100" aria-hidden />
      <div className="grid min-w-0 grow">
        <span className="truncate text-xs font-medium text-accent">
          {kind === 'edit' ? t('editing') : <bdi>{t('replyingTo', { name: who })}</bdi>}
        </span>
        <span dir="auto" className="text-beside truncate text-quiet">
          {message.text ?? t(`types.${message.type}`)}
        </span>
      </div>
      <IconButton look="ghost" label={t(kind === 'edit' ? 'stopEdit' : 'stopReply')} onClick={forget}>
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}

/** Everybody in the group is told of what is sent. */
export function EveryoneBar({ forget }: { forget: () => void }) {
  const t = useTranslations('inbox');
  return (
    <div className="flex min-w-0 items-center gap-2 rounded-lg bg-raised py-1 ps-3 text-sm">
      <AtSign className="size-4 shrink-0 text-accent" aria-hidden />
      <span className="min-w-0 grow">{t('everyoneTold')}</span>
      <IconButton look="ghost" label={t('mentionNobody')} onClick={forget}>
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}

/** What is about to be sent with the text, and as what; an image as it looks. */
export function AttachedFile({
  attached,
  attach,
}: {
  attached: Attached;
  attach: (attached: Attached | null) => void;
}) {
  const t = useTranslations('inbox');
  const size = useFileSize();
  const { file, as, viewOnce } = attached;
  const ways = waysToSend(file.type);
  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = URL.createObjectURL(file);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-raised p-1.5 text-sm">
      <span className="flex min-w-0 grow items-center gap-2">
        {file.type.startsWith('image/') ? (
          // oxlint-disable-next-line nextjs/no-img-element -- it is on this machine
          <img ref={show} alt="" className="size-10 shrink-0 rounded object-cover" />
        ) : (
          <FileText className="m-2 size-5 shrink-0 text-accent" aria-hidden />
        )}
        <span className="grid min-w-0 grow">
          <bdi className="min-w-0 truncate">{file.name}</bdi>
          <bdi className="w-fit text-xs text-quiet">{size(file.size)}</bdi>
        </span>
        <IconButton look="ghost" label={t('removeFile')} className="hover:bg-surface" onClick={() => attach(null)}>
          <X className="size-4" aria-hidden />
        </IconButton>
      </span>
      {takesViewOnce(as) ? (
        <CheckField
          label={t('once')}
          checked={viewOnce}
          onChange={(event) => attach({ ...attached, viewOnce: event.target.checked })}
        />
      ) : null}
      {ways.length > 1 ? (
        <Select
          aria-label={t('sendAs')}
          className="w-40"
          quiet
          options={ways.map((way) => [way, t(`types.${way}`)])}
          value={as}
          onChange={(event) => attach({ ...attached, as: event.target.value as SendAs })}
        />
      ) : null}
    </div>
  );
}
