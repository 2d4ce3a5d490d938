import { Ban } from 'lucide-react';
import { useTranslations } from 'next-intl';

/** That an organization is suspended, by colour, word and icon. */
export const Suspended = () => (
  <span className="inline-flex shrink-0 items-center gap-1.5 rounded-full bg-bad-soft px-2.5 py-1 text-xs font-medium text-bad">
    <Ban className="size-3.5" aria-hidden /> {useTranslations('operator')('suspended')}
  </span>
);
