'use client';
import type { CreateOrganization, Language, OrganizationView } from '@wasel/backend/contract';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { LANGUAGES } from '@/i18n/languages';
import { faultIn, Problem } from '@/lib/api';
import { COUNTRIES } from '@/lib/countries';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, FormFault, SelectField } from '@/ui/field';

/** Creates an organization, or changes one. */
export function OrganizationForm({
  organization,
  submit,
  label,
}: {
  organization?: OrganizationView;
  submit: (organization: CreateOrganization) => Promise<unknown>;
  label: string;
}) {
  const t = useTranslations('organization');
  const locale = useLocale() as Language;
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const names = new Intl.DisplayNames([locale], { type: 'region' });

  async function save(form: FormData): Promise<void> {
    const read = (name: string) => textOf(form, name);
    setBusy(true);
    setFaults({});
    try {
      await submit({
        name: read('name'),
        country: read('country'),
        language: read('language') as Language,
        time_zone: read('time_zone'),
      });
      setDone(true);
    } catch (error) {
      const nameless = error instanceof Problem && error.fields.some(({ pointer }) => pointer === '#/name');
      setFaults({ [nameless ? 'name' : 'form']: faultIn(t, error, t('unreachable')) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save(new FormData(event.currentTarget));
      }}
    >
      <Field
        label={t('name')}
        name="name"
        dir="auto"
        defaultValue={organization?.name ?? ''}
        error={faults['name']}
        required
      />
      <SelectField
        label={t('country')}
        name="country"
        defaultValue={organization?.country ?? 'IL'}
        options={COUNTRIES.map((code) => [code, names.of(code) ?? code] as const)}
      />
      <SelectField
        label={t('language')}
        name="language"
        defaultValue={organization?.language ?? locale}
        options={Object.entries(LANGUAGES)}
      />
      <SelectField
        label={t('timeZone')}
        name="time_zone"
        defaultValue={organization?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
        options={zones().map((zone) => [zone, zone.replaceAll('_', ' ')] as const)}
      />
      {faults['form'] ? <FormFault>{faults['form']}</FormFault> : null}
      <div className="flex items-center gap-3">
        <Button type="submit" busy={busy}>
          {label}
        </Button>
        {done ? (
          <span role="status" className="text-sm text-good">
            {t('saved')}
          </span>
        ) : null}
      </div>
    </form>
  );
}

/** Every zone that this browser knows, its own included, which may have another name than those in the list. */
const zones = (): string[] => [
  ...new Set([Intl.DateTimeFormat().resolvedOptions().timeZone, ...Intl.supportedValuesOf('timeZone')]),
];
