'use client';
import type { CreateWebhookEndpoint, WebhookEndpointView } from '@wasel/backend/contract';
import { WEBHOOK_EVENT_TYPES } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Field, FormFault, SelectField } from '@/ui/field';

type Wanted = Required<Omit<CreateWebhookEndpoint, 'enabled'>>;

/** Where and what is told; `endpoint`: as it is now. */
export default function EndpointForm({
  endpoint,
  label,
  work,
  submit,
}: {
  endpoint?: WebhookEndpointView;
  label: string;
  work: { isPending: boolean; error: unknown };
  submit: (wanted: Wanted) => void;
}) {
  const t = useTranslations('webhooks');
  const [chosen, setChosen] = useState(endpoint?.event_types ? 'some' : 'all');
  const [unchosen, setUnchosen] = useState(false);
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const types = WEBHOOK_EVENT_TYPES.filter((type) => form.getAll('types').includes(type));
        setUnchosen(chosen === 'some' && types.length === 0);
        if (chosen === 'some' && types.length === 0) return;
        submit({
          url: textOf(form, 'url'),
          description: textOf(form, 'description'),
          event_types: chosen === 'all' ? null : types,
        });
      }}
    >
      <Field
        label={t('url')}
        name="url"
        type="url"
        dir="ltr"
        hint={t('urlHint')}
        placeholder="https://example.com/webhooks/wasel"
        defaultValue={endpoint?.url}
        autoComplete="off"
        maxLength={2000}
        required
      />
      <Field
        label={t('description')}
        name="description"
        dir="auto"
        defaultValue={endpoint?.description}
        maxLength={200}
      />
      <SelectField
        label={t('events')}
        value={chosen}
        options={[
          ['all', t('allEvents')],
          ['some', t('someEvents')],
        ]}
        onChange={(event) => setChosen(event.target.value)}
      />
      {chosen === 'some' ? (
        <fieldset className="min-w-0">
          <legend className="mb-1 text-sm font-medium">{t('chosenEvents')}</legend>
          <div className="-mx-2 grid">
            {WEBHOOK_EVENT_TYPES.map((type) => (
              <CheckField
                key={type}
                name="types"
                value={type}
                defaultChecked={endpoint?.event_types?.includes(type) ?? false}
                label={
                  <>
                    {t(`types.${type}`)}{' '}
                    <bdi dir="ltr" className="font-mono text-xs text-quiet">
                      {type}
                    </bdi>
                  </>
                }
              />
            ))}
          </div>
        </fieldset>
      ) : null}
      {unchosen ? <FormFault>{t('chooseEvents')}</FormFault> : null}
      {work.error && !unchosen ? <FormFault>{faultIn(t, work.error)}</FormFault> : null}
      <Button type="submit" busy={work.isPending}>
        {label}
      </Button>
    </form>
  );
}
