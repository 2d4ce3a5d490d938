'use client';
import { Paperclip, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { upload } from '@/features/inbox/inbox.api';
import { faultIn } from '@/lib/api';
import { Button, IconButton } from '@/ui/button';
import { FormFault } from '@/ui/field';
import type { Draft } from './draft.rules';
import type { SetDraft } from './use-draft';

/** The picture, film or document that everybody gets. */
export function MediaField({ draft: { media }, set }: { draft: Draft; set: SetDraft }) {
  const t = useTranslations('broadcasts.content');
  const words = useTranslations('broadcasts');
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const take = (file: File): void => {
    setBusy(true);
    setFault(undefined);
    void upload(file)
      .then((taken) => set({ media: taken }), setFault)
      .finally(() => setBusy(false));
  };
  return (
    <div className="grid gap-2">
      {media ? (
        <p className="flex items-center justify-between gap-2 rounded-lg border border-line ps-3 text-sm wrap-anywhere">
          <bdi>{media.file_name ?? words('file')}</bdi>
          <IconButton look="ghost" label={t('removeFile')} onClick={() => set({ media: null })}>
            <X className="size-4" aria-hidden />
          </IconButton>
        </p>
      ) : (
        <Button look="plain" className="w-fit" busy={busy} onClick={() => input.current?.click()}>
          <Paperclip className="size-4" aria-hidden /> {t('addFile')}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('addFile')}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) take(file);
          target.value = '';
        }}
      />
      {fault ? <FormFault>{faultIn(words, fault)}</FormFault> : null}
    </div>
  );
}
