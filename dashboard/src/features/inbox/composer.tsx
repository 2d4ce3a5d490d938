'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { Clock, FileText, Paperclip, SendHorizontal, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { sayOf } from '@/lib/api';
import { IconButton } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { upload, useSend } from './inbox.api';

const SendLater = lazy(() => import('./send-later'));

/** Enter sends, Shift+Enter breaks the line. What cannot be sent stays in the box. */
export function Composer({
  draft,
  conversation,
  disabledBecause,
  file,
  setFile,
}: {
  /** What is in the box at first. */
  draft: string;
  conversation: ConversationView;
  disabledBecause: string | null;
  file: File | null;
  setFile: (file: File | null) => void;
}) {
  const t = useTranslations('inbox');
  const send = useSend();
  const [text, setText] = useState(draft);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  const [uploading, setUploading] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const to = conversation.contact.phone_number;
  const isEmpty = text.trim() === '' && !file;

  async function submit(at?: Date): Promise<void> {
    if (!to || isEmpty) return;
    setFault(undefined);
    const base = {
      session_id: conversation.session_id,
      to,
      ...(at ? { scheduled_at: at.toISOString() } : {}),
    };
    try {
      setUploading(file !== null);
      const media = file ? await upload(file) : null;
      const caption = text.trim() ? { caption: text } : {};
      const type = media && ['image/jpeg', 'image/png', 'image/webp'].includes(media.mime_type) ? 'image' : 'document';
      const message = media
        ? ({ ...base, type, media_id: media.id, ...caption } as const)
        : ({ ...base, type: 'text', text } as const);
      await send.mutateAsync({ key: crypto.randomUUID(), message });
      setText('');
      setFile(null);
    } catch (error) {
      setFault(sayOf(error, t('notSent')));
    } finally {
      setUploading(false);
    }
  }

  function pick({ currentTarget }: React.ChangeEvent<HTMLInputElement>): void {
    setFile(currentTarget.files?.[0] ?? null);
    currentTarget.value = ''; // else the same file cannot be chosen again after it was removed
  }

  if (disabledBecause)
    return <p className="border-t border-line bg-surface p-4 text-center text-sm text-quiet">{disabledBecause}</p>;
  return (
    <>
      <form
        className="grid gap-2 border-t border-line bg-surface p-3"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {fault ? <FormFault>{fault}</FormFault> : null}
        {file ? <AttachedFile file={file} remove={() => setFile(null)} /> : null}
        <div className="flex items-end gap-2">
          <input ref={picker} type="file" hidden onChange={pick} />
          <IconButton look="ghost" label={t('attach')} onClick={() => picker.current?.click()}>
            <Paperclip className="size-5" aria-hidden />
          </IconButton>
          <Box text={text} setText={setText} submit={() => void submit()} />
          <IconButton
            look="ghost"
            label={t('later.open')}
            disabled={send.isPending || uploading}
            onClick={() => (isEmpty ? setFault(t('later.nothing')) : setAsking(true))}
          >
            <Clock className="size-5" aria-hidden />
          </IconButton>
          <IconButton type="submit" label={t('send')} busy={send.isPending || uploading}>
            <SendHorizontal className="size-5 rtl:-scale-x-100" aria-hidden />
          </IconButton>
        </div>
        <p className="px-12 text-xs text-quiet max-md:hidden">{t('hint')}</p>
      </form>
      {/* Beside the form: one inside the other would send both. */}
      {asking ? (
        <Suspense>
          <SendLater
            leave={() => setAsking(false)}
            schedule={(at) => {
              setAsking(false);
              void submit(at);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** Where it is written. */
function Box({ text, setText, submit }: { text: string; setText: (text: string) => void; submit: () => void }) {
  const t = useTranslations('inbox');
  return (
    <textarea
      dir="auto"
      rows={1}
      aria-label={t('message')}
      placeholder={t('message')}
      className="field-sizing-content max-h-40 min-h-10 grow resize-none rounded-lg border border-edge bg-surface px-3 py-2 text-base leading-6 placeholder:text-quiet sm:text-sm"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        submit();
      }}
    />
  );
}

/** What is about to be sent with the text; an image as it looks. */
function AttachedFile({ file, remove }: { file: File; remove: () => void }) {
  const t = useTranslations('inbox');
  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = URL.createObjectURL(file);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  return (
    <div className="flex w-fit max-w-full items-center gap-2 min-w-0 rounded-lg bg-raised p-1.5 text-sm">
      {file.type.startsWith('image/') ? (
        // oxlint-disable-next-line nextjs/no-img-element -- it is on this machine
        <img ref={show} alt="" className="size-10 rounded object-cover" />
      ) : (
        <FileText className="m-2 size-5 shrink-0 text-accent" aria-hidden />
      )}
      <bdi className="min-w-0 truncate">{file.name}</bdi>
      <IconButton look="ghost" label={t('removeFile')} className="hover:bg-surface" onClick={remove}>
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}
