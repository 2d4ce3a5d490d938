'use client';
import type { CreatedApiKey } from '@wasel/backend/contract';
import { SCOPES } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Field, FormFault, SelectField } from '@/ui/field';
import { useCreateKey } from './api-keys.api';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days that a key can be given; no number is for ever. */
const EXPIRIES = ['30', '90', '365', 'never'] as const;

const expiryOf = (days: string): { expires_at?: string } =>
  days === 'never' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };

export function KeyForm({ made }: { made: (key: CreatedApiKey) => void }) {
  const t = useTranslations('apiKeys');
  const create = useCreateKey();
  const [unchosen, setUnchosen] = useState(false);

  function submit(form: FormData): void {
    const scopes = SCOPES.filter((scope) => form.getAll('scopes').includes(scope));
    setUnchosen(scopes.length === 0);
    if (scopes.length === 0) return;
    create.mutate({ name: textOf(form, 'name'), scopes, ...expiryOf(textOf(form, 'expiry')) }, { onSuccess: made });
  }

  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <Field label={t('name')} name="name" dir="auto" hint={t('nameHint')} maxLength={60} required />
      <fieldset className="min-w-0">
        <legend className="mb-1 text-sm font-medium">{t('scopesLabel')}</legend>
        <div className="-mx-2 grid">
          {SCOPES.map((scope) => (
            <CheckField key={scope} name="scopes" value={scope} label={t(`scopes.${scope}`)} />
          ))}
        </div>
      </fieldset>
      <SelectField
        label={t('expiry')}
        name="expiry"
        defaultValue="90"
        options={EXPIRIES.map((days) => [days, t(`expiries.${days}`)] as const)}
      />
      {unchosen ? <FormFault>{t('chooseScopes')}</FormFault> : null}
      {create.error && !unchosen ? <FormFault>{faultIn(t, create.error)}</FormFault> : null}
      <Button type="submit" busy={create.isPending}>
        {t('create')}
      </Button>
    </form>
  );
}
