'use client';
import type { BroadcastRecipientView } from '@wasel/backend/contract';
import { MessageCircleReply } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { Avatar } from '@/ui/avatar';
import { Link } from '@/ui/link';
import { Card } from '@/ui/states';
import { RowRoom } from '@/ui/row-room';
import { useRowsInSight } from '@/ui/use-rows-in-sight';

const HEAD = ['name', 'text', 'state', 'time'] as const;
/** Of a row that was not drawn yet, in pixels. */
const HEIGHT = 65;
const CELL = 'min-w-0 sm:table-cell sm:px-3 sm:py-3 sm:align-middle';

/** A row for each of the people; on a phone a few lines. Only what is in sight is drawn. */
export function RecipientTable({
  items,
  complete,
}: {
  items: readonly BroadcastRecipientView[];
  /** Whether there are no more. */
  complete: boolean;
}) {
  const t = useTranslations('broadcasts.recipients');
  const { list, measure, shown, before, after } = useRowsInSight<HTMLTableSectionElement, BroadcastRecipientView>(
    items,
    { height: HEIGHT },
  );
  return (
    <Card className="overflow-hidden p-0 sm:p-0">
      <table
        className="block w-full text-sm sm:table sm:table-fixed"
        aria-label={t('title')}
        aria-rowcount={complete ? items.length + 1 : -1} // the head is one
      >
        <thead className="sr-only border-b border-line sm:not-sr-only sm:table-header-group">
          <tr className="text-xs text-quiet">
            {HEAD.map((name) => (
              <th
                key={name}
                scope="col"
                className={cx(
                  'px-3 py-3 text-start font-medium first:ps-5 last:pe-5',
                  name === 'name' && 'sm:w-[30%]',
                  name === 'time' && 'sm:w-[22%]',
                )}
              >
                {t(`columns.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={list} className="block divide-y divide-line [overflow-anchor:none] sm:table-row-group">
          <RowRoom columns={HEAD.length} height={before} />
          {shown.map(({ item, index }) => (
            <Row key={item.id} ref={measure} index={index} person={item} />
          ))}
          <RowRoom columns={HEAD.length} height={after} />
        </tbody>
      </table>
    </Card>
  );
}

function Row({
  ref,
  index,
  person,
}: {
  ref: React.Ref<HTMLTableRowElement>;
  index: number;
  person: BroadcastRecipientView;
}) {
  const format = useFormatter();
  const { message, replied_at: replied } = person;
  const at =
    replied ?? message?.failed_at ?? message?.read_at ?? message?.delivered_at ?? message?.sent_at ?? undefined;
  return (
    <tr
      ref={ref}
      data-index={index}
      aria-rowindex={index + 2}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-3 py-3 hover:bg-raised sm:table-row"
    >
      <td className={cx(CELL, 'sm:first:ps-5')}>
        <Person person={person} />
      </td>
      <td className={cx(CELL, 'text-quiet max-sm:hidden')}>
        <p dir="auto" className="line-clamp-2 wrap-anywhere" title={message?.text ?? undefined}>
          {message?.text ?? '—'}
        </p>
      </td>
      <td className={cx(CELL, 'max-sm:justify-self-end max-sm:text-end')}>
        <Outcome person={person} />
      </td>
      <td
        className={cx(
          CELL,
          'text-quiet max-sm:col-span-2 max-sm:ps-12 max-sm:text-xs sm:last:pe-5',
          !at && 'max-sm:hidden',
        )}
      >
        {at ? (
          <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' })}</time>
        ) : (
          <span aria-hidden>—</span>
        )}
      </td>
    </tr>
  );
}

function Person({ person: { contact_id: contact, name, phone_number: phone } }: { person: BroadcastRecipientView }) {
  const t = useTranslations('broadcasts');
  const shown = name === null ? phone === null ? t('unnamed') : <bdi dir="ltr">{phone}</bdi> : <bdi>{name}</bdi>;
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={name} className="size-9 text-xs" />
      <span className="grid min-w-0">
        {contact === null ? (
          <span className="truncate font-medium">{shown}</span>
        ) : (
          <Link
            href={`/contacts/${contact}`}
            className="flex min-h-10 min-w-0 items-center font-medium hover:underline"
          >
            <span className="truncate">{shown}</span>
          </Link>
        )}
        {name === null || phone === null ? null : (
          <bdi dir="ltr" className="truncate text-xs text-quiet rtl:text-end">
            {phone}
          </bdi>
        )}
      </span>
    </span>
  );
}

function Outcome({ person: { exclusion, detail, message, replied_at: replied } }: { person: BroadcastRecipientView }) {
  const t = useTranslations('broadcasts');
  const words = useTranslations('inbox');
  if (exclusion !== null)
    return (
      <span className="grid gap-0.5">
        <span className="font-medium text-warn">{t(`exclusions.${exclusion}`)}</span>
        {detail === null ? null : (
          <bdi className="text-xs leading-5 wrap-anywhere text-quiet">
            {t.has(`details.${exclusion}`) ? t(`details.${exclusion}`, { detail }) : detail}
          </bdi>
        )}
      </span>
    );
  if (message === null) return null;
  const { status, error_code: error } = message;
  const why = `failures.${error ?? 'other'}`;
  return (
    <span className="grid gap-0.5">
      <span className={cx('font-medium', status === 'failed' && 'text-bad')}>{t(`statuses.${status}`)}</span>
      {replied === null ? null : (
        <span className="flex items-center gap-1 text-xs leading-5 font-medium text-accent max-sm:justify-end">
          <MessageCircleReply className="size-3.5 rtl:-scale-x-100" aria-hidden /> {t('statuses.replied')}
        </span>
      )}
      {status === 'failed' || (status === 'cancelled' && error) ? (
        <span className="text-xs leading-5 text-quiet max-sm:sr-only">
          {words(words.has(why) ? why : 'failures.other')}
        </span>
      ) : null}
    </span>
  );
}
