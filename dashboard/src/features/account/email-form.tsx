'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { AuthError, session } from '@/lib/auth';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';

/** The address that one signs in with; another holds from the moment that its link was opened. */
export function EmailForm({ email }: { email: string }) {
  const t = useTranslations('settings');
  const faults = useTranslations('auth.faults');
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [sent, setSent] = useState<string>();

  async function submit(to: string): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await session.changeEmail(to);
      setSent(to);
      setOpen(false);
    } catch (error) {
      setFault(faults(error instanceof AuthError ? error.code : 'UNREACHABLE'));
    }
    setBusy(false);
  }

  if (!open)
    return (
      <div className="grid justify-items-start gap-4">
        <Field className="w-full" label={t('email')} type="email" dir="ltr" value={email} readOnly disabled />
        {sent ? (
          <p role="status" className="text-sm leading-6 wrap-anywhere text-good">
            {t('changeEmail.sent', { email: sent })}
          </p>
        ) : null}
        <Button look="plain" onClick={() => (setSent(undefined), setOpen(true))}>
          {t('changeEmail.change')}
        </Button>
      </div>
    );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(textOf(new FormData(event.currentTarget), 'email'));
      }}
    >
      <Field
        label={t('changeEmail.new')}
        name="email"
        type="email"
        dir="ltr"
        autoComplete="email"
        hint={t('changeEmail.hint')}
        required
      />
      {fault ? <FormFault>{fault}</FormFault> : null}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          {t('changeEmail.send')}
        </Button>
        <Button look="plain" onClick={() => setOpen(false)}>
          {t('changeEmail.cancel')}
        </Button>
      </div>
    </form>
  );
}
