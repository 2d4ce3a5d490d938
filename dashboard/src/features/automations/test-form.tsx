'use client';
import type { AutomationView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { notificationQuery } from '@/features/notifications/notifications.api';
import { templateQuery } from '@/features/templates/templates.api';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { useTestAutomation } from './automations.api';
import { useAutomationWords } from './use-automation-words';

/** Tells one's own number what somebody would be told. */
export function TestForm({ automation }: { automation: AutomationView }) {
  const t = useTranslations('automations');
  const { data: template } = useQuery(templateQuery(automation.template_id));
  const [values, setValues] = useState<Record<string, string>>({});
  const testing = useTestAutomation();
  const byMail = automation.channel === 'email';
  const fields = [
    ...new Set(
      (template?.variables ?? []).flatMap((variable) => {
        const source = automation.variables[variable];
        if (!source) return [variable];
        return 'field' in source ? [source.field] : [];
      }),
    ),
  ];

  if (testing.data) return <Outcome id={testing.data.id} />;
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const to = textOf(new FormData(event.currentTarget), 'to');
        testing.mutate({ id: automation.id, variables: values, to });
      }}
    >
      <p className="text-sm leading-6 text-quiet">{t('test.text')}</p>
      {byMail ? (
        <Field label={t('test.email')} name="to" type="email" dir="ltr" autoComplete="email" required />
      ) : (
        <Field
          label={t('test.phone')}
          name="to"
          type="tel"
          dir="ltr"
          autoComplete="tel"
          hint={t('test.phoneHint')}
          required
        />
      )}
      {fields.map((field) => (
        <Field
          key={field}
          label={field}
          dir="auto"
          required
          value={values[field] ?? ''}
          onChange={(event) => setValues({ ...values, [field]: event.target.value })}
        />
      ))}
      {testing.error ? <FormFault>{faultIn(t, testing.error)}</FormFault> : null}
      <Button type="submit" busy={testing.isPending}>
        {t('test.send')}
      </Button>
    </form>
  );
}

function Outcome({ id }: { id: string }) {
  const t = useTranslations('automations');
  const { reasonOf } = useAutomationWords();
  const { data } = useQuery(notificationQuery(id));
  const ended = data?.settled_at !== null && data !== undefined;
  const why = data?.error_code;
  return (
    <p role="status" className="text-sm leading-6">
      {data?.state === 'completed' ? t('test.done') : ended ? t('test.notDone') : t('test.underWay')}
      {why ? ` ${reasonOf(why)}` : ''}
    </p>
  );
}
