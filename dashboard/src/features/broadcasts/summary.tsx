'use client';
import type { BroadcastView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { cx } from '@/lib/cx';
import { ColorDot } from '@/ui/icon-tile';
import { Card } from '@/ui/states';
import { BroadcastOrders } from './broadcast-orders';
import { NotYou } from './broadcasts-screen';
import { reachOf } from './progress.rules';
import { PartDot, ReachBar } from './reach-bar';
import { SaidCard } from './said-card';
import { Who } from './who';

/** How far it is, for all and by number, what can be done about it, and what it says. */
export default function Summary({ broadcast }: { broadcast: BroadcastView }) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  const { data: membership } = useMembership();
  const {
    created_by: by,
    created_at: made,
    scheduled_at: later,
    finished_at: end,
    expires_at: until,
    numbers,
    total,
  } = broadcast;
  const at = (time: string) => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  const reach = reachOf(broadcast.counts);
  const sends = membership ? may(membership.role, 'broadcasts:send') : null;
  return (
    <>
      <Card className="grid grid-cols-1 gap-5 sm:p-6" aria-label={t('progressTitle')}>
        <p className="flex flex-wrap items-baseline gap-x-2" role="status">
          <span className="text-3xl font-semibold tracking-tight tabular-nums">
            {format.number(total - reach.waiting)}
          </span>
          <span className="text-quiet">{t('ofTotal', { total: format.number(total) })}</span>
        </p>
        <ReachBar of={broadcast} thick />
        <Figures broadcast={broadcast} />
        <p className="text-sm leading-6 wrap-anywhere text-quiet">
          {t.rich('launchedBy', { name: by, date: at(made), who: Who })}
          {later && later > made ? ` · ${t('startsAt', { date: at(later) })}` : ''}
          {until && !end ? ` · ${t('givenUpAt', { date: at(until) })}` : ''}
          {end ? ` · ${t('endedAt', { date: at(end) })}` : ''}
        </p>
        {sends ? <BroadcastOrders broadcast={broadcast} /> : null}
        {sends === false ? <NotYou /> : null}
      </Card>
      {numbers.length > 1 ? <Numbers numbers={numbers} /> : null}
      <SaidCard broadcast={broadcast} />
    </>
  );
}

function Figures({ broadcast: { counts, replied } }: { broadcast: BroadcastView }) {
  const t = useTranslations('broadcasts.figures');
  const format = useFormatter();
  const reach = reachOf(counts);
  const figures = [
    ['waiting', reach.waiting],
    ['sent', reach.sent],
    ['delivered', reach.delivered],
    ['read', reach.read],
    ['failed', reach.failed],
    ['cancelled', reach.cancelled],
    ['replied', replied],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3 lg:grid-cols-6">
      {figures.map(([name, count]) =>
        name === 'cancelled' && count === 0 ? null : (
          <div key={name} className="grid grow gap-0.5 bg-surface px-4 py-3">
            <dt className="flex items-center gap-2 text-xs leading-5 text-quiet">
              {name === 'waiting' || name === 'replied' ? null : <PartDot part={name} />}
              {t(name)}
            </dt>
            <dd className={cx('text-xl font-semibold tabular-nums', name === 'failed' && count > 0 && 'text-bad')}>
              {format.number(count)}
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

const COLUMNS = ['total', 'sent', 'delivered', 'read', 'failed', 'replied'] as const;

function Numbers({ numbers }: { numbers: BroadcastView['numbers'] }) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  const { data: sessions = [] } = useQuery(sessionsQuery());
  return (
    <Card className="overflow-hidden p-0 sm:p-0" aria-label={t('byNumber')}>
      <h2 className="px-4 pt-4 font-semibold sm:px-6 sm:pt-5">{t('byNumber')}</h2>
      <div
        className="overflow-x-auto"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard
        tabIndex={0}
        role="region"
        aria-label={t('byNumber')}
      >
        <table className="w-full text-sm">
          <thead>
            <tr className="text-xs text-quiet">
              <th scope="col" className="px-4 py-3 text-start font-medium sm:ps-6">
                {t('number')}
              </th>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" className="px-3 py-3 text-end font-medium whitespace-nowrap last:pe-6">
                  {t(`figures.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers.map(({ session_id: id, total, counts, replied }) => {
              const session = sessions.find((one) => one.id === id);
              const figures = { ...reachOf(counts), total, replied };
              return (
                <tr key={id} className="border-t border-line">
                  <th scope="row" className="px-4 py-3 text-start font-medium sm:ps-6">
                    <span className="flex max-w-48 min-w-28 items-center gap-2">
                      <ColorDot color={session?.color ?? null} />
                      <bdi className="min-w-0 wrap-break-word">{session?.name ?? t('goneNumber')}</bdi>
                    </span>
                  </th>
                  {COLUMNS.map((name) => (
                    <td key={name} className="px-3 py-3 text-end tabular-nums last:pe-6">
                      {format.number(figures[name])}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
