'use client';
import type { AuditEntryView } from '@wasel/backend/contract';
import { useDayName } from '@/features/inbox/use-day-name';
import { Card } from '@/ui/states';
import { entriesByDay } from './activity.rules';
import { EntryRow } from './entry-row';
import type { Names } from './use-names';

/** What was done, day by day. */
export default function EntryDays({ items, names }: { items: readonly AuditEntryView[]; names: Names }) {
  const name = useDayName();
  return entriesByDay(items).map(({ day, entries }) => (
    <section key={day.toDateString()} className="grid min-w-0 grid-cols-1 gap-2">
      <h2 className="text-sm font-medium text-quiet">{name(day)}</h2>
      <Card className="py-1 sm:py-2">
        <ol className="grid grid-cols-1 divide-y divide-line">
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} names={names} />
          ))}
        </ol>
      </Card>
    </section>
  ));
}
