'use client';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';

/** What was chosen of something long, each to be taken out again. */
export function ChosenChips({
  label,
  items,
  remove,
}: {
  label: string;
  items: readonly Readonly<{ id: string; name: string }>[];
  remove: (id: string) => void;
}) {
  const t = useTranslations('broadcasts.audience');
  if (items.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {items.map(({ id, name }) => (
        <li key={id} className="max-w-full">
          <button
            type="button"
            aria-label={t('remove', { name })}
            className="inline-flex min-h-10 max-w-full cursor-pointer items-center gap-1.5 rounded-full bg-accent-soft ps-3.5 pe-2.5 text-sm font-medium text-accent hover:line-through"
            onClick={() => remove(id)}
          >
            <bdi className="min-w-0 truncate">{name}</bdi>
            <X className="size-4 shrink-0" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
