'use client';
import type { MessageTimeline, ReportedMessage, TimelineEvent } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { conversationHref, messageHref } from '@/features/inbox/inbox.links';
import { sayOf } from '@/lib/api';
import { cx } from '@/lib/cx';
import { buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Link } from '@/ui/link';
import { ErrorState, SkeletonRows } from '@/ui/states';
import { timelineQuery } from './reports.api';
import { Person } from './report-table';

/** They show at another message, and are none that a chat could lead to. */
const CHANGES = new Set<string>(['reaction', 'edit', 'delete', 'poll_vote']);

/** What became of a message: step by step, and where it went wrong why and what to do. */
export default function MessageDialog({ message, leave }: { message: ReportedMessage; leave: () => void }) {
  const t = useTranslations('reports');
  const words = useTranslations('inbox');
  const timeline = useQuery(timelineQuery(message.id));
  const { session, sent_by: by, trigger, text, type } = message;
  return (
    <Dialog title={t('one')} close={t('close')} open onOpenChange={leave}>
      <div className="grid grid-cols-1 gap-5">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm leading-6 wrap-anywhere">
          <dt className="text-quiet">{t('columns.person')}</dt>
          <dd>
            <Person contact={message.contact} group={message.group} />
          </dd>
          <dt className="text-quiet">{t('columns.number')}</dt>
          <dd>
            <bdi>{session.name}</bdi>
          </dd>
          {by ? (
            <>
              <dt className="text-quiet">{t('filters.sender')}</dt>
              <dd>
                <bdi>{by.name ?? t('gone')}</bdi>
              </dd>
            </>
          ) : null}
          {trigger ? (
            <>
              <dt className="text-quiet">{t('filters.trigger')}</dt>
              <dd>{t(`triggers.${trigger}`)}</dd>
            </>
          ) : null}
        </dl>
        <p dir="auto" className="rounded-xl bg-raised px-4 py-3 text-sm leading-6 wrap-anywhere whitespace-pre-wrap">
          {text ?? words(`types.${type}`)}
        </p>
        <h3 className="text-sm font-semibold">{t('timeline')}</h3>
        {timeline.isPending ? <SkeletonRows rows={2} /> : null}
        {timeline.isError && !timeline.data ? (
          <ErrorState
            text={sayOf(timeline.error, t('failed'))}
            again={t('retry')}
            retry={() => void timeline.refetch()}
          />
        ) : null}
        {timeline.data ? <Steps timeline={timeline.data} /> : null}
        <Link
          href={CHANGES.has(type) ? conversationHref(message.conversation_id) : messageHref(message.id)}
          className={buttonClass('plain', 'justify-self-start')}
        >
          {t('openChat')}
        </Link>
      </div>
    </Dialog>
  );
}

function Steps({ timeline: { items, waiting_for: reason, waiting_until: until } }: { timeline: MessageTimeline }) {
  const words = useTranslations('inbox');
  const format = useFormatter();
  const time = until ? format.dateTime(new Date(until), { dateStyle: 'medium', timeStyle: 'short' }) : '…';
  return (
    <ol className="grid grid-cols-1 gap-4 border-s-2 border-line ps-4">
      {items.map((event) => (
        <li key={`${event.step} ${event.at} ${event.attempt ?? ''}`}>
          <Step event={event} />
        </li>
      ))}
      {reason && reason !== 'scheduled' ? (
        <li className="text-sm leading-6">{words(`waiting.${reason}`, { time })}</li>
      ) : null}
    </ol>
  );
}

function Step({ event: { step, at, until, attempt, error, change, by } }: { event: TimelineEvent }) {
  const t = useTranslations('reports');
  const words = useTranslations('inbox');
  const format = useFormatter();
  const atText = (time: string): string =>
    format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'medium' });
  const bad = error !== null;
  const why = `failures.${error?.code ?? 'other'}`;
  const late = step === 'change_failed' && error?.code === 'expired';
  return (
    <div className="grid gap-0.5 text-sm leading-6 wrap-anywhere">
      <span className={cx('font-medium', bad && 'text-bad')}>
        {t(`steps.${step}`, { attempt: attempt ?? 0, change: change ?? 'other' })}
      </span>
      <time dateTime={at} className="text-xs leading-5 text-quiet">
        {atText(at)}
      </time>
      {error ? <p>{late ? words('failedChanges.expired') : words.has(why) ? words(why) : error.detail}</p> : null}
      {step === 'retried' && by ? (
        <p>{t.rich(by.type === 'key' ? 'byKey' : 'by', { name: by.name ?? t('gone'), who: Who })}</p>
      ) : null}
      {until ? (
        <p className="text-quiet">{t(step === 'scheduled' ? 'leaves' : 'again', { time: atText(until) })}</p>
      ) : null}
    </div>
  );
}

const Who = (name: React.ReactNode) => <bdi>{name}</bdi>;
