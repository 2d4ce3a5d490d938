'use client';
import { CreateOrganization, type Language, type OrganizationView } from '@wasel/backend/contract';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { LANGUAGES } from '@/i18n/languages';
import { Problem } from '@/lib/api';
import { Button } from '@/ui/button';
import { Field, FormFault, SelectField } from '@/ui/field';

const COUNTRIES = [
  'AE',
  'BR',
  'DE',
  'EG',
  'ES',
  'FR',
  'GB',
  'IL',
  'IN',
  'IT',
  'JO',
  'LB',
  'MA',
  'MX',
  'NL',
  'PS',
  'QA',
  'SA',
  'TR',
  'US',
];

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
    const read = CreateOrganization.safeParse(Object.fromEntries(form));
    if (!read.success)
      return setFaults(Object.fromEntries(read.error.issues.map((issue) => [String(issue.path[0]), issue.message])));
    setBusy(true);
    setFaults({});
    try {
      await submit(read.data);
      setDone(true);
    } catch (error) {
      setFaults({ form: error instanceof Problem ? error.detail : t('unreachable') });
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
