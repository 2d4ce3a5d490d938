import type { MessageView } from '@wasel/backend/contract';
import { Check, CheckCheck, CircleAlert, Clock, Ban } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';

/** How far a message has come, as WhatsApp shows it, and in words for who cannot see it. */
export function Ticks({ status }: { status: MessageView['status'] }) {
  const t = useTranslations('inbox.statuses');
  if (status === 'received') return null;
  const Icon =
    status === 'failed'
      ? CircleAlert
      : status === 'cancelled'
        ? Ban
        : status === 'sent'
          ? Check
          : ['delivered', 'read', 'played'].includes(status)
            ? CheckCheck
            : Clock;
  const colour =
    status === 'failed' ? 'text-bad' : status === 'read' || status === 'played' ? 'text-seen' : 'text-quiet';
  return (
    <span title={t(status)} className={cx('inline-flex', colour)}>
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{t(status)}</span>
    </span>
  );
}
