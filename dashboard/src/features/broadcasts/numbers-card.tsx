'use client';
import type { BroadcastPreview } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { HelpLink } from '@/features/help/help-link';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { ColorDot } from '@/ui/icon-tile';
import { Card } from '@/ui/states';

/** What each number has to do, and how long that takes. */
export function NumbersCard({ preview: { numbers } }: { preview: BroadcastPreview }) {
  const t = useTranslations('broadcasts.preview');
  const words = useTranslations('broadcasts');
  const format = useFormatter();
  const { data: sessions = [] } = useQuery(sessionsQuery());
  return (
    <Card className="grid grid-cols-1 gap-4 sm:p-6">
      <h2 className="font-semibold">{t('numbers')}</h2>
      <ul className="grid grid-cols-1 divide-y divide-line">
        {numbers.map(({ session_id: id, recipients, new_chats: fresh, ...rest }) => {
          const session = sessions.find((one) => one.id === id);
          const { done_at: done, new_chats_left_today: left, new_chats_per_day: perDay } = rest;
          return (
            <li key={id} className="grid gap-1 py-3 first:pt-0 last:pb-0">
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="flex min-w-0 items-center gap-2 font-medium">
                  <ColorDot color={session?.color ?? null} />
                  <bdi className="wrap-anywhere">{session?.name ?? words('goneNumber')}</bdi>
                </span>
                <span className="text-sm">{t('recipientsOf', { count: recipients })}</span>
              </span>
              {recipients === 0 ? null : (
                <span className="text-sm leading-6 text-quiet">
                  {done === null
                    ? t('notWithinAYear')
                    : t('doneAt', {
                        date: format.dateTime(new Date(done), { dateStyle: 'medium', timeStyle: 'short' }),
                      })}
                  {' · '}
                  {t('newChatsOf', { count: fresh })}
                  {perDay === null || left === null
                    ? ''
                    : ` · ${t('mayBegin', { left: format.number(left), perDay: format.number(perDay) })}`}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <HelpLink topic="numbers#new-chats">{t('whySoLong')}</HelpLink>
    </Card>
  );
}
