'use client';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Field } from '@/ui/field';
import { dayNamesQuery } from './contacts.api';
import { useDayWords } from './use-day-words';

/** The name of a day; those in use are offered, beside those that Wasel knows. */
export function DayNameField({
  label,
  hint = '',
  value,
  change,
}: {
  label: string;
  hint?: string;
  value: string;
  change: (name: string) => void;
}) {
  const listId = useId();
  const { nameOf, nameIn, known } = useDayWords();
  const { data: used = [] } = useQuery(dayNamesQuery());
  return (
    <>
      <datalist id={listId}>
        {[...new Set([...known, ...used.map(({ name }) => nameOf(name))])].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <Field
        label={label}
        hint={hint}
        dir="auto"
        list={listId}
        required
        maxLength={50}
        value={nameOf(value)}
        onChange={(event) => change(nameIn(event.target.value))}
      />
    </>
  );
}
