'use client';
import type { ImportReport, ImportView, TemplateView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { faultIn } from '@/lib/api';
import { COUNTRIES } from '@/lib/countries';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { FormFault, SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { activeTemplatesQuery, useMapping } from './bulk.api';
import { columnOfVariable, phoneColumnOf, textColumnOf } from './bulk.rules';

/** Says what the columns mean, and has the rows checked. */
export function MappingForm({
  file: { id, columns },
  found,
}: {
  file: ImportView;
  found: (report: ImportReport | undefined) => void;
}) {
  const t = useTranslations('bulk');
  const names = new Intl.DisplayNames([useLocale()], { type: 'region' });
  const { data: membership } = useMembership();
  const { data: templates = [] } = useQuery(activeTemplatesQuery());
  const check = useMapping(id);
  const [chosen, setChosen] = useState('');
  const template = templates.find((one) => one.id === chosen);
  const options = columns.map((column, n) => [String(n), column || t('column', { number: n + 1 })] as const);
  const countries = COUNTRIES.map((code) => [code, names.of(code) ?? code] as const);

  function submit(form: FormData): void {
    const country = textOf(form, 'country');
    const what = template
      ? { template_id: template.id, variables: columnsOf(template, form) }
      : { text_column: Number(textOf(form, 'text')) };
    const mapping = { phone_column: Number(textOf(form, 'phone')), ...(country ? { country } : {}), ...what };
    check.mutate(mapping, { onSuccess: found });
  }

  return (
    <form
      onChange={() => found(undefined)}
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <Card className="grid grid-cols-1 gap-5">
        <h2 className="font-semibold">{t('mapping')}</h2>
        <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
          <SelectField label={t('phoneColumn')} name="phone" options={options} defaultValue={phoneColumnOf(columns)} />
          <SelectField
            key={membership?.organization.country}
            label={t('country')}
            name="country"
            hint={t('countryHint')}
            options={[['', t('noCountry')], ...countries]}
            defaultValue={membership?.organization.country ?? ''}
          />
        </div>
        <SelectField
          label={t('what')}
          options={[['', t('ownText')], ...templates.map(({ id: one, name }) => [one, name] as const)]}
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
        />
        {template ? (
          template.variables.map((variable) => (
            <SelectField
              key={`${template.id} ${variable}`}
              label={t('variable', { name: variable })}
              name={`variable ${variable}`}
              options={options}
              defaultValue={columnOfVariable(columns, variable)}
            />
          ))
        ) : (
          <SelectField label={t('textColumn')} name="text" options={options} defaultValue={textColumnOf(columns)} />
        )}
        {check.error ? <FormFault>{faultIn(t, check.error)}</FormFault> : null}
        <Button
          type="submit"
          look={check.data ? 'plain' : 'primary'}
          busy={check.isPending}
          className="justify-self-start"
        >
          {t('check')}
        </Button>
      </Card>
    </form>
  );
}

const columnsOf = ({ variables }: TemplateView, form: FormData): Record<string, number> =>
  Object.fromEntries(variables.map((variable) => [variable, Number(textOf(form, `variable ${variable}`))]));
