'use client';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { Field, SelectField } from '@/ui/field';
import type { Options } from '@/ui/select';
import { TARGETS } from './entry-row';
import type { useFilters } from './use-filters';

/** Who, what and when; each holds as soon as it is chosen. */
export default function ActivityFilters({
  asked: { filters, filtered, set, clear },
  actors,
}: {
  asked: ReturnType<typeof useFilters>;
  actors: Options;
}) {
  const t = useTranslations('activity');
  // Who is asked for by the address may be neither here any more nor in an entry that is.
  const known = filters.actor === '' || actors.some(([value]) => value === filters.actor);
  const people: Options = [['', t('everybody')], ...actors, ...(known ? [] : [[filters.actor, t('former')] as const])];
  const things: Options = [
    ['', t('everything')],
    ...Object.keys(TARGETS).map((type) => [type, t(`groups.${type}`)] as const),
  ];
  return (
    <div role="search" aria-label={t('filters')} className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <SelectField
        label={t('actor')}
        options={people}
        value={filters.actor}
        onChange={(event) => set({ actor: event.target.value })}
      />
      <SelectField
        label={t('about')}
        options={things}
        value={filters.about}
        onChange={(event) => set({ about: event.target.value })}
      />
      <Field
        label={t('from')}
        type="date"
        max={filters.to}
        value={filters.from}
        onChange={(event) => set({ from: event.target.value })}
      />
      <Field
        label={t('to')}
        type="date"
        min={filters.from}
        value={filters.to}
        onChange={(event) => set({ to: event.target.value })}
      />
      {filtered ? (
        <Button look="ghost" className="col-span-full -ms-3 justify-self-start px-3" onClick={clear}>
          <X className="size-4" aria-hidden /> {t('clear')}
        </Button>
      ) : null}
    </div>
  );
}
