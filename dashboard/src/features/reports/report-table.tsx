'use client';
import type { ReportedMessage } from '@wasel/backend/contract';
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { RowRoom } from '@/ui/row-room';
import { useRowsInSight } from '@/ui/use-rows-in-sight';

const HEAD = ['time', 'person', 'said', 'number', 'status'] as const;
/** Of a row that was not drawn yet, in pixels. */
const HEIGHT = 65;
const CELL = 'block min-w-0 sm:table-cell sm:px-3 sm:py-3 sm:align-top sm:first:ps-6 sm:last:pe-6';

/** A row for each message; on a phone a card. The first column opens it. Only what is in sight is drawn. */
export default function ReportTable({
  items,
  complete,
  open,
}: {
  items: readonly ReportedMessage[];
  /** Whether there are no older ones. */
  complete: boolean;
  open: (id: string) => void;
}) {
  const t = useTranslations('reports');
  const { list, measure, shown, before, after } = useRowsInSight<HTMLTableSectionElement, ReportedMessage>(items, {
    height: HEIGHT,
  });
  return (
    <table
      className="block w-full text-sm sm:table sm:table-fixed"
      aria-rowcount={complete ? items.length + 1 : -1} // the head is one
    >
      <thead className="sr-only sm:not-sr-only sm:table-header-group">
        <tr className="text-start text-xs text-quiet">
          {HEAD.map((name) => (
            <th key={name} scope="col" className="px-3 py-3 text-start font-medium first:ps-6 last:pe-6">
              {t(`columns.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={list} className="block divide-y divide-line [overflow-anchor:none] sm:table-row-group">
        <RowRoom columns={HEAD.length} height={before} />
        {shown.map(({ item, index }) => (
          <Row key={item.id} ref={measure} index={index} message={item} open={() => open(item.id)} />
        ))}
        <RowRoom columns={HEAD.length} height={after} />
      </tbody>
    </table>
  );
}

function Row({
  ref,
  index,
  message,
  open,
}: {
  ref: React.Ref<HTMLTableRowElement>;
  index: number;
  message: ReportedMessage;
  open: () => void;
}) {
  const t = useTranslations('reports');
  const words = useTranslations('inbox');
  const format = useFormatter();
  const { direction, contact, group, text, type, status, error_code: error } = message;
  const Direction = direction === 'inbound' ? ArrowDownLeft : ArrowUpRight;
  const why = `failures.${error ?? 'other'}`;
  return (
    <tr
      ref={ref}
      data-index={index}
      aria-rowindex={index + 2}
      className="relative grid gap-1 px-4 py-3 hover:bg-raised sm:table-row"
    >
      <td className={CELL}>
        <button
          type="button"
          className="-my-2 inline-flex min-h-10 flex-wrap items-center text-start text-xs leading-5 text-quiet after:absolute after:inset-0"
          onClick={open}
        >
          <span className="sr-only">{t('open')} </span>
          {format.dateTime(new Date(message.created_at), { dateStyle: 'medium', timeStyle: 'short' })}
        </button>
      </td>
      <td className={cx(CELL, 'font-medium wrap-anywhere')}>
        <Direction className="me-1 inline size-4 text-quiet rtl:-scale-x-100" aria-hidden />
        <span className="sr-only">{t(`directions.${direction}`)} </span>
        <Person contact={contact} group={group} />
      </td>
      <td className={CELL}>
        <span dir="auto" className="line-clamp-2 wrap-anywhere">
          {text ?? <span className="text-quiet">{words(`types.${type}`)}</span>}
        </span>
      </td>
      <td className={cx(CELL, 'text-quiet wrap-anywhere')}>
        <bdi>{message.session.name}</bdi>
      </td>
      <td className={CELL}>
        <span className={status === 'failed' ? 'font-medium text-bad' : ''}>{words(`statuses.${status}`)}</span>
        {status === 'failed' ? (
          <span className="line-clamp-2 text-xs leading-5 text-bad">
            {words.has(why) ? words(why) : words('failures.other')}
          </span>
        ) : null}
      </td>
    </tr>
  );
}

/** His name, or his number as it is written; of a group its subject. */
export function Person({ contact, group }: Pick<ReportedMessage, 'contact' | 'group'>) {
  const t = useTranslations('reports');
  const { name = null, phone_number: phone = null } = contact ?? {};
  if (group) return <bdi>{group.subject}</bdi>;
  if (name) return <bdi>{name}</bdi>;
  return phone ? <bdi dir="ltr">{phone}</bdi> : <>{t('unknown')}</>;
}
