'use client';
import type { GroupAdditionView, GroupView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Card, SkeletonRows } from '@/ui/states';
import { additionPeopleQuery, additionsQuery, useOrder } from './changes.api';
import { keyOf, type PersonStatus } from './changes.rules';
import { PersonName } from './outcome';

/** For so long it is shown what came of the last ones. */
const SHOWN_MS = 86_400_000;

/** The people who are coming in steps, and those who did of late; found again after a reload. */
export default function Additions({ group, manages }: { group: GroupView; manages: boolean }) {
  const { data: additions = [] } = useQuery(additionsQuery(group.jid));
  const [opened] = useState(() => Date.now());
  const shown = additions.filter(({ ended_at: ended }) => ended === null || Date.parse(ended) > opened - SHOWN_MS);
  return shown.map((addition) => <Addition key={addition.id} addition={addition} manages={manages} />);
}

function Addition({ addition, manages }: { addition: GroupAdditionView; manages: boolean }) {
  const t = useTranslations('groups.changes');
  const format = useFormatter();
  const [open, setOpen] = useState(false);
  const { state, total, counts, next_at: next, error_code: code } = addition;
  const settled = total - (counts.waiting ?? 0);
  const others = (Object.entries(counts) as [PersonStatus | 'waiting', number][]).filter(
    ([status, count]) => status !== 'waiting' && count > 0,
  );
  return (
    <Card className="grid grid-cols-1 gap-3" aria-label={t('addition.title', { count: total })}>
      <h2 className="text-sm font-semibold">{t('addition.title', { count: total })}</h2>
      <progress
        value={settled}
        max={total}
        aria-label={t('addition.title', { count: total })}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <p role="status" className="text-sm leading-6 text-quiet">
        {t(`addition.states.${state}`)} · {t('addition.progress', { done: settled, total })}
        {state === 'running' && next !== null && settled > 0
          ? ` · ${t('addition.next', { time: format.dateTime(new Date(next), { timeStyle: 'short' }) })}`
          : null}
      </p>
      {state === 'paused' && code !== null ? (
        <FormFault>{t.has(`faults.${code}`) ? t(`faults.${code}` as never) : t('addition.stopped')}</FormFault>
      ) : null}
      {others.length > 0 ? (
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {others.map(([status, count]) => (
            <li key={status}>{t(`statuses.${status as PersonStatus}.title`, { count })}</li>
          ))}
        </ul>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {manages ? <Orders addition={addition} /> : null}
        <Button look="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'addition.hide' : 'addition.show')}
        </Button>
      </div>
      {open ? <People id={addition.id} /> : null}
    </Card>
  );
}

function Orders({ addition: { id, state } }: { addition: GroupAdditionView }) {
  const t = useTranslations('groups.changes');
  const work = useOrder(id);
  const fault = work.error ? faultIn(t, work.error) : undefined;
  if (state !== 'running' && state !== 'paused') return null;
  const isCancelling = work.variables === 'cancel';
  return (
    <>
      {state === 'running' ? (
        <Button look="plain" busy={work.isPending} onClick={() => work.mutate('pause')}>
          <Pause className="size-4" aria-hidden /> {t('addition.pause')}
        </Button>
      ) : (
        <Button busy={work.isPending} onClick={() => work.mutate('resume')}>
          <Play className="size-4 rtl:-scale-x-100" aria-hidden /> {t('addition.resume')}
        </Button>
      )}
      <EndButton
        label={t('addition.cancel')}
        cancel={t('back')}
        title={t('addition.confirm.title')}
        text={t('addition.confirm.text')}
        work={work}
        fault={isCancelling ? fault : undefined}
        run={() => work.mutateAsync('cancel')}
      />
      {fault && !isCancelling ? <FormFault>{fault}</FormFault> : null}
    </>
  );
}

/** What became of each so far. */
function People({ id }: { id: string }) {
  const t = useTranslations('groups.changes');
  const more = useTranslations('groups.members');
  const pages = useInfiniteQuery(additionPeopleQuery(id));
  const people = pages.data?.pages.flatMap(({ items }) => items);
  if (!people) return <SkeletonRows rows={3} />;
  return (
    <div className="grid grid-cols-1 gap-3">
      <ul className="grid max-h-80 divide-y divide-line overflow-y-auto border-t border-line text-sm">
        {people.map((person) => (
          <li key={keyOf(person)} className="flex flex-wrap justify-between gap-x-4 py-2">
            <PersonName person={person} />
            <span className="text-quiet">
              {person.status === 'waiting' ? t('addition.waiting') : t(`statuses.${person.status}.one`)}
            </span>
          </li>
        ))}
      </ul>
      {pages.hasNextPage ? (
        <LoadMore
          className="justify-self-start"
          busy={pages.isFetchingNextPage}
          load={() => void pages.fetchNextPage()}
        >
          {more('more')}
        </LoadMore>
      ) : null}
    </div>
  );
}
