'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { Paperclip, SendHorizontal, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Problem } from '@/lib/api';
import { Button } from '@/ui/button';
import { upload, useSend } from './inbox.api';

/** Enter sends, Shift+Enter breaks the line. What cannot be sent stays in the box. */
export function Composer({
  conversation,
  disabledBecause,
}: {
  conversation: ConversationView;
  disabledBecause: string | null;
}) {
  const t = useTranslations('inbox');
  const send = useSend();
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string>();
  const [uploading, setUploading] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const to = conversation.contact.phone_number;

  async function submit(): Promise<void> {
    if (!to || (text.trim() === '' && !file)) return;
    setFault(undefined);
    const base = { session_id: conversation.session_id, to };
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
      setFault(error instanceof Problem ? error.detail : t('notSent'));
    } finally {
      setUploading(false);
    }
  }

  if (disabledBecause)
    return <p className="border-t border-line bg-surface p-4 text-center text-sm text-quiet">{disabledBecause}</p>;
  return (
    <form
      className="grid gap-2 border-t border-line bg-surface p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {fault ? (
        <p role="alert" className="text-sm text-bad">
          {fault}
        </p>
      ) : null}
      {file ? (
        <p className="flex w-fit items-center gap-2 rounded-lg bg-raised px-3 py-1.5 text-sm">
          <bdi>{file.name}</bdi>
          <button type="button" aria-label={t('removeFile')} className="p-1" onClick={() => setFile(null)}>
            <X className="size-4" />
          </button>
        </p>
      ) : null}
      <div className="flex items-end gap-2">
        <input ref={picker} type="file" hidden onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        <Button look="ghost" aria-label={t('attach')} onClick={() => picker.current?.click()}>
          <Paperclip className="size-5" aria-hidden />
        </Button>
        <textarea
          dir="auto"
          rows={1}
          aria-label={t('message')}
          placeholder={t('message')}
          className="field-sizing-content max-h-40 min-h-10 grow resize-none rounded-xl border border-line bg-canvas px-3 py-2 text-sm"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            const [pasted] = event.clipboardData.files;
            if (pasted) setFile(pasted);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void submit();
          }}
        />
        <Button type="submit" aria-label={t('send')} busy={send.isPending || uploading}>
          <SendHorizontal className="size-4 rtl:-scale-x-100" aria-hidden />
        </Button>
      </div>
    </form>
  );
}
