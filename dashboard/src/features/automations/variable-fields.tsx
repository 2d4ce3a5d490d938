'use client';
import type { TemplateView } from '@wasel/backend/contract';
import { isToldByWasel, unfilledIn } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { cx } from '@/lib/cx';
import { Field, SelectField } from '@/ui/field';
import { type Draft, type DraftSource, eventOf, mappingOf } from './draft';

/** From where each variable of the template has its value. */
export function VariableFields({
  template,
  draft,
  set,
  fields,
}: {
  template: TemplateView;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  fields: readonly string[];
}) {
  const t = useTranslations('automations');
  const listId = useId();
  if (template.variables.length === 0) return <p className="text-sm leading-6 text-quiet">{t('noVariables')}</p>;
  const event = eventOf(draft);
  const unfilled = new Set(unfilledIn(template.variables, event, mappingOf(draft, template.variables)));
  const sourceOf = (name: string): DraftSource => draft.variables[name] ?? { kind: 'field', value: name };
  const change = (name: string, to: Partial<DraftSource>) =>
    set({ variables: { ...draft.variables, [name]: { ...sourceOf(name), ...to } } });
  return (
    <>
      <datalist id={listId}>
        {[...new Set([...fields, ...template.variables])].map((field) => (
          <option key={field} value={field}>
            {field}
          </option>
        ))}
      </datalist>
      {template.variables.map((name) => {
        const { kind, value } = sourceOf(name);
        return (
          <fieldset key={name} className="grid grid-cols-1 gap-3 rounded-lg border border-line p-3 sm:grid-cols-2">
            <legend className="px-1 text-sm font-medium">
              <bdi dir="ltr">{`{{${name}}}`}</bdi>
            </legend>
            <SelectField
              label={t('source')}
              options={[
                ['field', t('sources.field')],
                ['text', t('sources.text')],
              ]}
              value={kind}
              onChange={({ target }) =>
                change(name, target.value === 'text' ? { kind: 'text', value: '' } : { kind: 'field', value: name })
              }
            />
            <Field
              label={kind === 'text' ? t('text') : t('field')}
              dir={kind === 'text' ? 'auto' : 'ltr'}
              list={kind === 'text' ? undefined : listId}
              required
              maxLength={kind === 'text' ? 1000 : 100}
              value={value}
              onChange={({ target }) => change(name, { value: target.value })}
            />
            {unfilled.has(name) && kind === 'field' ? (
              <Unfilled name={value || name} own={isToldByWasel(event)} />
            ) : null}
          </fieldset>
        );
      })}
    </>
  );
}

/** @param own Wasel tells the event by itself: nobody can add to it, so it cannot be saved like this */
function Unfilled({ name, own }: { name: string; own: boolean }) {
  const t = useTranslations('automations');
  return (
    <p
      role={own ? 'alert' : 'status'}
      className={cx(
        'rounded-lg px-3 py-2 text-sm leading-6 sm:col-span-2',
        own ? 'bg-bad-soft text-bad' : 'bg-warn-soft text-warn',
      )}
    >
      {t.rich(own ? 'unfilled' : 'unfilledSoFar', { name, field: Name })}
    </p>
  );
}

const Name = (name: React.ReactNode) => <bdi dir="ltr">{name}</bdi>;
