'use client';
import type { GroupWriterView } from '@wasel/backend/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { MessagesSquare } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { mostActiveQuery } from './groups.api';
import { useName } from './use-name';

/** How many are shown at first, and at most. */
const FEW = 10;
const MANY = 100;

/** Who writes in a group, and how much. */
export function MostActive({ jid, days }: { jid: string; days: number }) {
  const t = useTranslations('groups.mostActive');
  const g = useTranslations('groups');
  const [limit, setLimit] = useState(FEW);
  const active = useQuery({ ...mostActiveQuery(jid, days, limit), placeholderData: keepPreviousData });
  const { messages = 0, people = 0, items = [] } = active.data ?? {};
  const most = items[0]?.messages ?? 1;
  return (
    <Card
      className={cx('grid grid-cols-1 gap-4', active.isPlaceholderData && 'opacity-60')}
      aria-labelledby="most-active"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 id="most-active" className="text-sm font-medium">
          {t('title')}
        </h3>
        {people > 0 ? (
          <p className="text-xs text-quiet">
            {t('messages', { count: messages })} · {t('people', { count: people })}
          </p>
        ) : null}
      </div>
      {active.isPending ? <SkeletonRows rows={3} /> : null}
      {active.isError && !active.data ? (
        <ErrorState text={faultIn(g, active.error)} again={g('retry')} retry={() => void active.refetch()} />
      ) : null}
      {active.data && people === 0 ? (
        <EmptyState title={t('none.title')} icon={<MessagesSquare className="size-5" />}>
          {t('none.text')}
        </EmptyState>
      ) : null}
      <ol aria-labelledby="most-active" className="grid grid-cols-1 gap-1">
        {items.map((writer) => (
          <Writer key={writer.id} writer={writer} most={most} />
        ))}
      </ol>
      {people > items.length && limit < MANY ? (
        <Button look="ghost" className="justify-self-center" onClick={() => setLimit(MANY)}>
          {t('more')}
        </Button>
      ) : null}
    </Card>
  );
}

/** His bar is as long as his part of what the first one wrote. */
function Writer({ writer, most }: { writer: GroupWriterView; most: number }) {
  const t = useTranslations('groups.mostActive');
  const m = useTranslations('groups.members');
  const format = useFormatter();
  const name = useName(writer);
  const { messages, role, phone_number: phone, last_written_at: at } = writer;
  const about = role === null ? t('gone') : m(`roles.${role}`);
  return (
    <li className="flex min-w-0 items-center gap-3 py-1.5">
      <Avatar name={name.named} className="size-9 text-xs" />
      <div className="grid min-w-0 grow grid-cols-1 gap-1">
        <div className="flex min-w-0 items-center justify-between gap-3">
          <span className="min-w-0 truncate text-sm font-medium">{name.shown}</span>
          <span className="shrink-0 text-sm tabular-nums">{t('messages', { count: messages })}</span>
        </div>
        <span aria-hidden className="h-2 overflow-hidden rounded-full bg-line">
          <span className="block h-full rounded-full bg-accent" style={{ width: `${(messages / most) * 100}%` }} />
        </span>
        <p className="text-xs leading-5 text-quiet">
          {phone !== null && phone !== name.text ? (
            <>
              <bdi dir="ltr">{phone}</bdi>
              {' · '}
            </>
          ) : null}
          {about} · {t('last', { date: format.dateTime(new Date(at), { dateStyle: 'medium' }) })}
        </p>
      </div>
    </li>
  );
}
