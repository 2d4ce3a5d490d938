'use client';
import type { OperatorHealth } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { sayOf } from '@/lib/api';
import { Page } from '@/ui/page';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { Fact, Facts } from './facts';
import { concernsOf } from './health.rules';
import { operatorHealthQuery } from './operator.api';

/** How the installation is, read anew every few seconds. */
export function HealthScreen() {
  const t = useTranslations('operator');
  const { data, isError, error, refetch } = useQuery(operatorHealthQuery());
  return (
    <Page title={t('health')}>
      {isError ? <ErrorState text={sayOf(error, t('failed'))} again={t('retry')} retry={() => void refetch()} /> : null}
      {data ? <Health health={data} /> : isError ? null : <Skeleton className="h-96 rounded-card" />}
    </Page>
  );
}

function Health({ health }: { health: OperatorHealth }) {
  const t = useTranslations('operator.healthPage');
  const states = useTranslations('sessions.states');
  const format = useFormatter();
  const age = useAge();
  const { outbox, inbox, mails, database } = health;
  const megabytes = { style: 'unit', unit: 'megabyte', maximumFractionDigits: 0 } as const;
  return (
    <>
      <Concerns health={health} />
      <Group title={t('installation')}>
        <Fact name={t('organizations')}>{format.number(health.organizations)}</Fact>
        <Fact name={t('suspended')}>{format.number(health.suspended)}</Fact>
        <Fact name={t('nodes')}>{format.number(health.nodes.length)}</Fact>
        <Fact name={t('run')}>{format.list(health.nodes.map(({ sessions }) => format.number(sessions)))}</Fact>
      </Group>
      <Group title={t('numbers')}>
        {(Object.entries(health.numbers_by_state) as [keyof OperatorHealth['numbers_by_state'], number][]).map(
          ([state, count]) => (
            <Fact key={state} name={states(state)}>
              {format.number(count)}
            </Fact>
          ),
        )}
        <Fact name={t('silent')}>{format.number(health.numbers_silent)}</Fact>
        <Fact name={t('unowned')}>{format.number(health.numbers_unowned)}</Fact>
      </Group>
      <Group title={t('queues')}>
        <Fact name={t('due')}>{format.number(outbox.due)}</Fact>
        <Fact name={t('oldest')}>{age(outbox.due_oldest_seconds)}</Fact>
        <Fact name={t('held')}>{format.number(outbox.held)}</Fact>
        <Fact name={t('oldest')}>{age(outbox.held_oldest_seconds)}</Fact>
        <Fact name={t('inbox')}>{format.number(inbox.rows)}</Fact>
        <Fact name={t('oldest')}>{age(inbox.oldest_seconds)}</Fact>
        <Fact name={t('mails')}>{format.number(mails.waiting)}</Fact>
        <Fact name={t('mailsFailed')}>{format.number(mails.failed)}</Fact>
        <Fact name={t('facts')}>{age(health.facts_lag_seconds)}</Fact>
      </Group>
      <Group title={t('database')}>
        <Fact name={t('size')}>{format.number(database.size_bytes / 1024 ** 2, megabytes)}</Fact>
        <Fact name={t('connections')}>{t('of', { used: database.connections, most: database.connections_max })}</Fact>
      </Group>
    </>
  );
}

/** What needs somebody, in words with what to do; or that nothing does. */
function Concerns({ health }: { health: OperatorHealth }) {
  const t = useTranslations('operator.healthPage');
  const concerns = concernsOf(health);
  if (concerns.length === 0)
    return (
      <p role="status" className="flex items-center gap-2 rounded-card bg-good-soft px-4 py-3 text-sm text-good">
        <CircleCheck className="size-5 shrink-0" aria-hidden /> {t('well')}
      </p>
    );
  return (
    <ul role="status" className="grid grid-cols-1 gap-2">
      {concerns.map((concern) => (
        <li
          key={concern}
          className="flex items-start gap-2 rounded-card bg-warn-soft px-4 py-3 text-sm leading-6 text-warn"
        >
          <CircleAlert className="mt-0.5 size-5 shrink-0" aria-hidden /> {t(`concerns.${concern}`)}
        </li>
      ))}
    </ul>
  );
}

const Group = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Card className="grid grid-cols-1 gap-4">
    <h2 className="font-semibold">{title}</h2>
    <Facts>{children}</Facts>
  </Card>
);

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Seconds in the greatest unit that they fill. */
function useAge(): (seconds: number) => string {
  const format = useFormatter();
  return (seconds) => {
    const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? ['second', 1];
    return format.number(seconds / size, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 });
  };
}
