'use client';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultCodeOf, session } from '@/lib/auth';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';

/** The address that one signs in with; another holds from the moment that its link was opened. */
export function EmailForm({ email }: { email: string }) {
  const t = useTranslations('settings');
  const faults = useTranslations('auth.faults');
  const [open, setOpen] = useState(false);
  const work = useMutation({
    mutationFn: async (to: string) => (await session.issuer()).changeEmail(to),
    onSuccess: () => setOpen(false),
  });

  if (!open)
    return (
      <div className="grid justify-items-start gap-4">
        <Field className="w-full" label={t('email')} type="email" dir="ltr" value={email} readOnly disabled />
        {work.isSuccess ? (
          <p role="status" className="text-sm leading-6 wrap-anywhere text-good">
            {t('changeEmail.sent', { email: work.variables })}
          </p>
        ) : null}
        <Button look="plain" onClick={() => (work.reset(), setOpen(true))}>
          {t('changeEmail.change')}
        </Button>
      </div>
    );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        work.mutate(textOf(new FormData(event.currentTarget), 'email'));
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
      {work.error ? <FormFault>{faults(faultCodeOf(work.error))}</FormFault> : null}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={work.isPending}>
          {t('changeEmail.send')}
        </Button>
        <Button look="plain" onClick={() => setOpen(false)}>
          {t('changeEmail.cancel')}
        </Button>
      </div>
    </form>
  );
}
