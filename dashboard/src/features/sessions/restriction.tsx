'use client';
import type { SessionView } from '@wasel/backend/contract';
import { TriangleAlert } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';

const MINUTE_MS = 60_000;

/** That WhatsApp lets the number begin no chat, until when, and what to do; nothing when it does. */
export function Restriction({ session }: { session: Pick<SessionView, 'reach_out_until' | 'new_chat_quota'> }) {
  const t = useTranslations('sessions.restriction');
  const format = useFormatter();
  const now = useNow({ updateInterval: MINUTE_MS });
  const { reach_out_until: lockedUntil, new_chat_quota: quota } = session;
  const time = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' });
  const isAhead = (at: string) => Date.parse(at) > now.getTime();
  const said =
    lockedUntil && isAhead(lockedUntil)
      ? t('reach_out_limited', { time: time(lockedUntil) })
      : quota && quota.used >= quota.total && isAhead(quota.ends_at)
        ? t('new_chat_quota', { total: quota.total, time: time(quota.ends_at) })
        : null;
  if (!said) return null;
  return (
    <p className="flex max-w-prose gap-2 rounded-lg bg-warn-soft px-3 py-2 text-sm leading-6 text-warn">
      <TriangleAlert className="mt-1 size-4 shrink-0" aria-hidden />
      <span>{said}</span>
    </p>
  );
}
