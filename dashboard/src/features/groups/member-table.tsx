'use client';
import type { GroupParticipantView } from '@wasel/backend/contract';
import { Check, Minus, ShieldCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { Avatar } from '@/ui/avatar';
import { RowRoom } from '@/ui/row-room';
import { Card } from '@/ui/states';
import { useRowsInSight } from '@/ui/use-rows-in-sight';
import { useName } from './use-name';

const HEAD = ['name', 'phone', 'role', 'since'] as const;
/** Of a row that was not drawn yet, in pixels. */
const HEIGHT = 65;
const CELL = 'min-w-0 sm:table-cell sm:px-3 sm:py-3 sm:align-middle';

/** A row for each of the people; on a phone two lines. Only what is in sight is drawn. */
export function MemberTable({
  items,
  complete,
  selected,
  toggle,
  toggleAll,
}: {
  items: readonly GroupParticipantView[];
  /** Whether there are no more. */
  complete: boolean;
  /** Null: nobody can be chosen. */
  selected: ReadonlySet<string> | null;
  toggle: (id: string, range: boolean) => void;
  toggleAll: () => void;
}) {
  const t = useTranslations('groups.members');
  const { list, measure, shown, before, after } = useRowsInSight<HTMLTableSectionElement, GroupParticipantView>(items, {
    height: HEIGHT,
  });
  const columns = HEAD.length + (selected ? 1 : 0);
  const chosen = selected ? items.filter(({ id }) => selected.has(id)).length : 0;
  return (
    <Card className="overflow-hidden p-0 sm:p-0">
      <table
        className="block w-full text-sm sm:table sm:table-fixed"
        aria-label={t('label')}
        aria-rowcount={complete ? items.length + 1 : -1} // the head is one
      >
        <thead className="block border-b border-line sm:table-header-group">
          <tr className="flex min-h-11 items-center text-xs text-quiet sm:table-row">
            {selected ? (
              <th
                scope="col"
                className="flex w-12 items-center gap-1 ps-2 text-start whitespace-nowrap sm:table-cell sm:ps-3"
              >
                <Box
                  label={t('chooseAll')}
                  checked={chosen > 0 && chosen === items.length}
                  some={chosen > 0 && chosen < items.length}
                  change={toggleAll}
                />
                <span aria-hidden className="font-medium sm:hidden">
                  {t('chooseAll')}
                </span>
              </th>
            ) : null}
            {HEAD.map((name) => (
              <th
                key={name}
                scope="col"
                className={cx(
                  'px-3 py-3 text-start font-medium first:ps-5 last:pe-5 max-sm:sr-only',
                  name === 'name' && 'sm:w-[38%]',
                )}
              >
                {t(`columns.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of the boxes in it */}
        <tbody
          ref={list}
          className="block divide-y divide-line [overflow-anchor:none] sm:table-row-group"
          onKeyDown={goOn}
        >
          <RowRoom height={before} columns={columns} />
          {shown.map(({ item, index }) => (
            <Row
              key={item.id}
              ref={measure}
              index={index}
              person={item}
              chosen={selected?.has(item.id) ?? null}
              toggle={toggle}
            />
          ))}
          <RowRoom height={after} columns={columns} />
        </tbody>
      </table>
    </Card>
  );
}

/** From one row's box to the next; with Shift it is chosen as the one before. */
function goOn(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(event.target instanceof HTMLInputElement)) return;
  const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  const next = boxes[boxes.indexOf(event.target) + step];
  event.preventDefault();
  next?.focus();
  if (event.shiftKey) next?.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));
}

function Box({
  label,
  checked,
  some = false,
  change,
}: {
  label: string;
  checked: boolean;
  some?: boolean;
  change: (range: boolean) => void;
}) {
  return (
    <label className="relative grid size-10 shrink-0 place-items-center rounded-lg">
      <input
        type="checkbox"
        aria-label={label}
        ref={(box) => {
          if (box) box.indeterminate = some; // has no attribute
        }}
        checked={checked}
        className="peer absolute inset-0 cursor-pointer appearance-none rounded-lg"
        onChange={(event) => change((event.nativeEvent as MouseEvent).shiftKey)}
      />
      <span
        aria-hidden
        className={cx(
          'pointer-events-none grid size-5 place-items-center rounded border',
          checked || some ? 'border-accent bg-accent text-accent-ink' : 'border-edge bg-surface',
        )}
      >
        {some ? <Minus className="size-4" /> : checked ? <Check className="size-4" /> : null}
      </span>
    </label>
  );
}

function Row({
  ref,
  index,
  person,
  chosen,
  toggle,
}: {
  ref: React.Ref<HTMLTableRowElement>;
  index: number;
  person: GroupParticipantView;
  /** Null: nobody can be chosen. */
  chosen: boolean | null;
  toggle: (id: string, range: boolean) => void;
}) {
  const t = useTranslations('groups');
  const format = useFormatter();
  const { id, phone_number: phone, role, joined_at: joined } = person;
  const name = useName(person);
  return (
    <tr
      ref={ref}
      data-index={index}
      aria-rowindex={index + 2}
      className={cx(
        'relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 px-2 py-2.5 sm:table-row',
        chosen ? 'bg-accent-soft/50' : 'hover:bg-raised',
      )}
    >
      {chosen === null ? null : (
        <td className="row-span-2 w-12 sm:table-cell sm:ps-3 sm:align-middle">
          <Box
            label={t('members.choose', { name: name.text })}
            checked={chosen}
            change={(range) => toggle(id, range)}
          />
        </td>
      )}
      <td className={cx(CELL, chosen === null && 'max-sm:col-start-1 max-sm:col-end-3 max-sm:ps-2 sm:first:ps-5')}>
        <span className="flex min-w-0 items-center gap-3">
          <Avatar name={name.named} className="size-9 text-xs" />
          <span className="min-w-0 truncate font-medium">{name.shown}</span>
        </span>
      </td>
      <td
        className={cx(
          CELL,
          'truncate text-quiet max-sm:col-start-2 max-sm:row-start-2 max-sm:ps-12 max-sm:text-xs',
          chosen === null && 'max-sm:col-start-1 max-sm:ps-14',
        )}
      >
        {phone === null ? (
          t('members.hidden')
        ) : (
          // Who has no name is called by his number; on a phone it is not said twice.
          <bdi dir="ltr" className={cx(name.text === phone && 'max-sm:sr-only')}>
            {phone}
          </bdi>
        )}
      </td>
      <td className={cx(CELL, 'max-sm:col-start-3 max-sm:row-start-1 max-sm:pe-2')}>
        {role === 'member' ? (
          <span className="text-quiet max-sm:sr-only">{t('roles.member')}</span>
        ) : (
          <span className="flex items-center gap-1.5 font-medium text-accent">
            <ShieldCheck className="size-4" aria-hidden /> {t(`roles.${role}`)}
          </span>
        )}
      </td>
      <td
        className={cx(CELL, 'text-quiet max-sm:col-start-3 max-sm:row-start-2 max-sm:pe-2 max-sm:text-xs sm:last:pe-5')}
      >
        {joined === null ? (
          <span className="max-sm:sr-only" title={t('members.sinceBefore')}>
            <span aria-hidden>—</span>
            <span className="sr-only">{t('members.sinceBefore')}</span>
          </span>
        ) : (
          <time dateTime={joined}>{format.dateTime(new Date(joined), { dateStyle: 'medium' })}</time>
        )}
      </td>
    </tr>
  );
}
