'use client';
import type { TemplateView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { conversationHref } from '@/features/inbox/inbox.links';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Link } from '@/ui/link';
import { PhonePreview } from './phone-preview';
import { useSendTemplate } from './templates.api';

/** A number, the values, and what the person would see. */
export function SendForm({ template }: { template: TemplateView }) {
  const t = useTranslations('templates');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const linked = sessions.filter(({ phone_number: phone }) => phone !== null);
  const [values, setValues] = useState<Record<string, string>>({});
  const [key, setKey] = useState(() => crypto.randomUUID());
  const sending = useSendTemplate();

  function submit(form: FormData): void {
    const session = linked.find(({ id }) => id === textOf(form, 'session'))?.id;
    sending.mutate(
      {
        key,
        to: textOf(form, 'to'),
        template_id: template.id,
        parameters: values,
        ...(session ? { session_id: session } : {}),
      },
      { onSettled: () => setKey(crypto.randomUUID()) },
    );
  }

  if (sending.data)
    return (
      <div className="grid gap-4">
        <p role="status" className="text-sm leading-6">
          {t('sent')}
        </p>
        <Link href={conversationHref(sending.data.conversation_id)} className={buttonClass()}>
          {t('openChat')}
        </Link>
      </div>
    );
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      {linked.length > 1 ? (
        <SelectField
          label={t('sender')}
          name="session"
          defaultValue={linked.find(({ is_default: isDefault }) => isDefault)?.id}
          options={linked.map(({ id, name }) => [id, name] as const)}
        />
      ) : null}
      <Field label={t('to')} name="to" type="tel" dir="ltr" autoComplete="off" hint={t('toHint')} required />
      {template.variables.map((variable) => (
        <Field
          key={variable}
          label={variable}
          dir="auto"
          required
          value={values[variable] ?? ''}
          onChange={(event) => setValues({ ...values, [variable]: event.target.value })}
        />
      ))}
      <PhonePreview
        body={template.body}
        language={template.language}
        values={values}
        media={template.header?.media ?? null}
      />
      {sending.error ? <FormFault>{faultIn(t, sending.error)}</FormFault> : null}
      <Button type="submit" busy={sending.isPending}>
        {t('send')}
      </Button>
    </form>
  );
}
