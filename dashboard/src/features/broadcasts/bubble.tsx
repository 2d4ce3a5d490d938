'use client';
import type { MediaView } from '@wasel/backend/contract';
import { FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Formatted } from '@/features/inbox/formatted';

/** What a person would see on the phone, in the direction of its own first letter. */
export function Bubble({ text, media = null, label }: { text: string; media?: MediaView | null; label: string }) {
  return (
    <section aria-label={label} className="rounded-card border border-line bg-canvas p-4">
      <div className="ms-auto grid w-fit max-w-full min-w-40 gap-2 rounded-2xl rounded-se-sm bg-bubble p-3 shadow-card">
        {media ? <Attachment media={media} /> : null}
        {text === '' ? null : (
          <p dir="auto" className="text-sm leading-6 whitespace-pre-wrap wrap-anywhere">
            <Formatted text={text} />
          </p>
        )}
      </div>
    </section>
  );
}

function Attachment({ media }: { media: MediaView }) {
  const t = useTranslations('broadcasts');
  const name = media.file_name ?? t('file');
  if (media.mime_type.startsWith('image/'))
    return (
      // oxlint-disable-next-line nextjs/no-img-element -- a signed link that lives for minutes
      <img src={media.url} alt={name} className="max-h-60 w-full rounded-lg object-cover" />
    );
  return (
    <p className="flex items-center gap-2 rounded-lg bg-surface p-2 text-sm wrap-anywhere">
      <FileText className="size-4 shrink-0" aria-hidden /> <bdi>{name}</bdi>
    </p>
  );
}
