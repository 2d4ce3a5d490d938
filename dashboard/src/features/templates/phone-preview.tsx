'use client';
import type { MediaView } from '@wasel/backend/contract';
import { asText, missingIn, partsOf } from '@wasel/backend/contract/words';
import { FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { directionOf } from './use-template-words';

/** What a person would see on the phone. Variables without a value stand as they are, and are told from the rest. */
export function PhonePreview({
  body,
  language,
  values,
  media = null,
}: {
  body: string;
  language: string;
  values: Readonly<Record<string, string>>;
  media?: MediaView | null;
}) {
  const t = useTranslations('templates');
  const placed = partsOf(body).map((part, at) => ({ part, at }));
  return (
    <section aria-label={t('preview')} className="rounded-card border border-line bg-canvas p-4">
      <div className="ms-auto grid w-fit max-w-full min-w-40 gap-2 rounded-2xl rounded-se-sm bg-bubble p-3 shadow-card">
        {media?.mime_type.startsWith('image/') ? (
          // oxlint-disable-next-line nextjs/no-img-element -- a signed link that lives for minutes
          <img src={media.url} alt={media.file_name ?? t('file')} className="max-h-60 w-full rounded-lg object-cover" />
        ) : null}
        {media && !media.mime_type.startsWith('image/') ? (
          <p className="flex items-center gap-2 rounded-lg bg-surface p-2 text-sm wrap-anywhere">
            <FileText className="size-4 shrink-0" aria-hidden /> <bdi>{media.file_name ?? t('file')}</bdi>
          </p>
        ) : null}
        <p lang={language} dir={directionOf(language)} className="text-sm leading-6 whitespace-pre-wrap wrap-anywhere">
          {placed.map(({ part, at: place }) =>
            'text' in part ? (
              part.text
            ) : missingIn([part.variable], values).length > 0 ? (
              <mark key={place} className="rounded bg-surface px-1 text-ink">
                <bdi>{`{{${part.variable}}}`}</bdi>
              </mark>
            ) : (
              asText(values[part.variable] ?? '')
            ),
          )}
        </p>
      </div>
    </section>
  );
}
