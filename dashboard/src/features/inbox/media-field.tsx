'use client';
import type { MediaView } from '@wasel/backend/contract';
import { Paperclip, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { upload } from './inbox.api';

/** One file, taken from the device as soon as it is chosen. */
export function MediaField({
  media,
  change,
  words,
  faultOf,
}: {
  media: MediaView | null;
  change: (media: MediaView | null) => void;
  /** `nameless` stands for a file without a name. */
  words: Readonly<{ add: string; remove: string; nameless: string }>;
  faultOf: (error: unknown) => string;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const take = (file: File): void => {
    setBusy(true);
    setFault(undefined);
    void upload(file)
      .then(change, setFault)
      .finally(() => setBusy(false));
  };
  return (
    <>
      {media ? (
        <p className="flex items-center justify-between gap-2 rounded-lg border border-line ps-3 text-sm wrap-anywhere">
          <bdi>{media.file_name ?? words.nameless}</bdi>
          <IconButton look="ghost" label={words.remove} onClick={() => change(null)}>
            <X className="size-4" aria-hidden />
          </IconButton>
        </p>
      ) : (
        <Button look="plain" className="w-fit" busy={busy} onClick={() => input.current?.click()}>
          <Paperclip className="size-4" aria-hidden /> {words.add}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={words.add}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) take(file);
          target.value = '';
        }}
      />
      {fault ? <FormFault>{faultOf(fault)}</FormFault> : null}
    </>
  );
}
