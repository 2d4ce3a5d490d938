'use client';
import type { ContactDetail } from '@wasel/backend/contract';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button, IconButton } from '@/ui/button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { useSetDays } from './contacts.api';
import { DayNameField } from './day-name-field';
import { useDayWords } from './use-day-words';

const MAX = 20;

/** A day as the form has it. */
type Draft = Readonly<{ name: string; day: string; month: string; year: string }>;

/** All days of a contact that come back every year. */
export default function EditDays({ contact, done }: { contact: ContactDetail; done: () => void }) {
  const t = useTranslations('contacts');
  const set = useSetDays(contact.id);
  const [days, setDays] = useState<readonly Draft[]>(() =>
    contact.days.length > 0 ? contact.days.map(draftOf) : [NEW],
  );
  const change = (at: number, to: Partial<Draft>) =>
    setDays(days.map((one, n) => (n === at ? { ...one, ...to } : one)));
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate(days.map(wantedOf), { onSuccess: done });
      }}
    >
      {days.map((one, at) => (
        <DayFields
          // oxlint-disable-next-line react/no-array-index-key -- their names are what is written, and all are controlled
          key={at}
          n={at + 1}
          day={one}
          change={(to) => change(at, to)}
          remove={() => setDays(days.filter((_, n) => n !== at))}
        />
      ))}
      {days.length < MAX ? (
        <Button look="plain" className="w-fit" onClick={() => setDays([...days, { ...NEW, name: '' }])}>
          <Plus className="size-4" aria-hidden /> {t('days.add')}
        </Button>
      ) : null}
      {set.error ? <FormFault>{faultIn(t, set.error)}</FormFault> : null}
      <Button type="submit" busy={set.isPending}>
        {t('save')}
      </Button>
    </form>
  );
}

function DayFields({
  n,
  day,
  change,
  remove,
}: {
  n: number;
  day: Draft;
  change: (to: Partial<Draft>) => void;
  remove: () => void;
}) {
  const t = useTranslations('contacts');
  const { months } = useDayWords();
  return (
    <fieldset className="grid min-w-0 grid-cols-2 items-end gap-3 rounded-lg border border-line p-3">
      <legend className="sr-only">{t('days.numbered', { n })}</legend>
      <div className="col-span-2 flex items-end gap-2">
        <div className="min-w-0 grow">
          <DayNameField label={t('days.name')} value={day.name} change={(name) => change({ name })} />
        </div>
        <IconButton look="ghost" label={t('days.remove', { n })} onClick={remove}>
          <X className="size-4" aria-hidden />
        </IconButton>
      </div>
      <Field
        label={t('days.day')}
        type="number"
        min={1}
        max={31}
        required
        value={day.day}
        onChange={(event) => change({ day: event.target.value })}
      />
      <SelectField
        label={t('days.month')}
        options={months}
        value={day.month}
        onChange={(event) => change({ month: event.target.value })}
      />
      <Field
        className="col-span-2"
        label={t('days.year')}
        hint={t('days.yearHint')}
        type="number"
        min={1}
        max={9999}
        value={day.year}
        onChange={(event) => change({ year: event.target.value })}
      />
    </fieldset>
  );
}

const NEW: Draft = { name: 'birthday', day: '', month: '1', year: '' };

const draftOf = ({ name, day, month, year }: ContactDetail['days'][number]): Draft => ({
  name,
  day: String(day),
  month: String(month),
  year: year === null ? '' : String(year),
});

const wantedOf = ({ name, day, month, year }: Draft) => ({
  name,
  day: Number(day),
  month: Number(month),
  year: year === '' ? null : Number(year),
});
