'use client';
import { CONDITION_OPERATORS } from '@wasel/backend/contract/words';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { Button, IconButton } from '@/ui/button';
import { Field, SelectField } from '@/ui/field';
import type { Draft, DraftCondition } from './draft';

const MAX = 20;

/** What has to hold of the event; all of it. */
export function Conditions({
  draft,
  set,
  fields,
}: {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  fields: readonly string[];
}) {
  const t = useTranslations('automations');
  const listId = useId();
  const { conditions } = draft;
  const change = (at: number, to: Partial<DraftCondition>) =>
    set({ conditions: conditions.map((one, n) => (n === at ? { ...one, ...to } : one)) });
  return (
    <>
      <p className="text-sm leading-6 text-quiet">{conditions.length === 0 ? t('noConditions') : t('allHold')}</p>
      <datalist id={listId}>
        {fields.map((field) => (
          <option key={field} value={field}>
            {field}
          </option>
        ))}
      </datalist>
      {conditions.map((condition, at) => (
        <fieldset
          // oxlint-disable-next-line react/no-array-index-key -- they have no name of their own, and are all controlled
          key={at}
          className="grid grid-cols-1 items-end gap-3 rounded-lg border border-line p-3 sm:grid-cols-[1fr_1fr_1fr_auto]"
        >
          <legend className="sr-only">{t('conditionOf', { n: at + 1 })}</legend>
          <Field
            label={t('field')}
            dir="ltr"
            list={listId}
            required
            maxLength={100}
            value={condition.field}
            onChange={(event) => change(at, { field: event.target.value })}
          />
          <SelectField
            label={t('operator')}
            options={CONDITION_OPERATORS.map((one) => [one, t(`operators.${one}`)] as const)}
            value={condition.operator}
            onChange={(event) => change(at, { operator: event.target.value })}
          />
          {condition.operator === 'exists' || condition.operator === 'not_exists' ? (
            <span />
          ) : (
            <Field
              label={t('value')}
              dir="auto"
              required
              maxLength={500}
              value={condition.value}
              onChange={(event) => change(at, { value: event.target.value })}
            />
          )}
          <IconButton
            look="ghost"
            label={t('removeCondition', { n: at + 1 })}
            onClick={() => set({ conditions: conditions.filter((_, n) => n !== at) })}
          >
            <X className="size-4" aria-hidden />
          </IconButton>
        </fieldset>
      ))}
      {conditions.length < MAX ? (
        <Button
          look="plain"
          className="w-fit"
          onClick={() => set({ conditions: [...conditions, { field: '', operator: 'equals', value: '' }] })}
        >
          <Plus className="size-4" aria-hidden /> {t('addCondition')}
        </Button>
      ) : null}
    </>
  );
}
