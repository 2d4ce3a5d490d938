'use client';
import type { SessionHealth, SessionView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { CancelAllButton, RetryAllButton } from './queue-actions';
import { SessionReason } from './session-state';
import { healthQuery } from './sessions.api';

const MINUTE_MS = 60_000;

/** Whether a number does its work, at one look, live. */
export default function Health({ session }: { session: SessionView }) {
  const t = useTranslations('sessions.detail.health');
  const s = useTranslations('sessions');
  const format = useFormatter();
  const health = useQuery(healthQuery(session.id));
  const { data } = health;
  const clock = (at: string) => format.dateTime(new Date(at), { timeStyle: 'short' });
  return (
    <Card className="grid gap-5" aria-labelledby="health">
      <h2 id="health" className="font-semibold">
        {t('title')}
      </h2>
      {health.isPending ? <Skeleton className="h-32" /> : null}
      {health.isError && !data ? (
        <ErrorState text={t('failed')} again={s('retry')} retry={() => void health.refetch()} />
      ) : null}
      {data ? (
        <dl className="grid gap-x-6 gap-y-4 text-sm sm:grid-cols-2">
          <Fact name={t('stateSince')}>
            <Ago at={data.state_since} />
          </Fact>
          <Fact name={t('received')}>{data.last_received_at ? <Ago at={data.last_received_at} /> : null}</Fact>
          <Fact name={t('sent')}>{data.last_sent_at ? <Ago at={data.last_sent_at} /> : null}</Fact>
          <Fact name={t('queued')}>
            {t('queuedCount', { count: data.queued })}
            {data.quiet_until ? (
              <span className="block text-quiet">{t('quietUntil', { time: clock(data.quiet_until) })}</span>
            ) : null}
            <CancelAllButton session={session} count={data.queued} />
          </Fact>
          <Fact name={t('failedCount')}>
            {t('failedMessages', { count: data.failed })}
            <RetryAllButton session={session} count={data.failed} />
          </Fact>
          <Fact name={t('day')}>{t('dayText', { received: data.today.received, stored: data.today.stored })}</Fact>
          <NewChats session={session} health={data} />
          <Fact name={t('reconnects')}>{format.number(data.today.reconnects)}</Fact>
          <Fact name={t('lastError')} className="sm:col-span-2">
            {data.last_error ? (
              <>
                <Ago at={data.last_error.at} />
                <SessionReason session={data.last_error} />
              </>
            ) : (
              t('none')
            )}
          </Fact>
        </dl>
      ) : null}
    </Card>
  );
}

/** How many chats it began today and may, and why so many. */
function NewChats({ session, health }: { session: SessionView; health: SessionHealth }) {
  const t = useTranslations('sessions.detail.health');
  const format = useFormatter();
  const { new_chats_allowed: allowed } = health;
  const { new_chat_quota: quota } = session;
  const used = health.today.new_chats;
  return (
    <Fact name={t('newChats')} className="sm:col-span-2">
      {allowed ? t('newChatsUsed', { used, allowed: allowed.per_day }) : t('newChatsFree', { used })}
      {allowed ? (
        <span className="block max-w-prose leading-6 text-quiet">{t(`because.${allowed.because}`)}</span>
      ) : null}
      {quota ? (
        <span className="block text-quiet">
          {t('quota', {
            used: quota.used,
            total: quota.total,
            time: format.dateTime(new Date(quota.ends_at), { dateStyle: 'medium', timeStyle: 'short' }),
          })}
        </span>
      ) : null}
    </Fact>
  );
}

function Fact({ name, className, children }: { name: string; className?: string; children: React.ReactNode }) {
  const t = useTranslations('sessions.detail');
  return (
    <div className={className}>
      <dt className="text-quiet">{name}</dt>
      <dd className="mt-0.5">{children ?? <span className="text-quiet">{t('unknown')}</span>}</dd>
    </div>
  );
}

function Ago({ at }: { at: string }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: MINUTE_MS });
  const time = new Date(at);
  return (
    <time dateTime={at} title={format.dateTime(time, { dateStyle: 'medium', timeStyle: 'medium' })}>
      {format.relativeTime(new Date(Math.min(time.getTime(), now.getTime())), now)}
    </time>
  );
}
