'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { HelpLink } from '@/features/help/help-link';
import { AuthError, faultCodeOf, session } from '@/lib/auth';
import { textOf } from '@/lib/form';
import { useHash } from '@/lib/use-hash';
import { Button, buttonClass } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { Skeleton } from '@/ui/states';
import { Said } from './forgot-password-form';
import { Link } from '@/ui/link';

/** Where the link of a mail leads: a new password, and every browser is signed out. */
export function ResetPasswordForm() {
  const t = useTranslations('auth');
  const link = useHash();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [over, setOver] = useState(false);
  const [done, setDone] = useState(false);

  async function submit(password: string): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await (await session.issuer()).resetPassword(link ?? '', password);
      setDone(true);
    } catch (error) {
      if (error instanceof AuthError && error.code === 'LINK_OVER') setOver(true);
      else setFault(t(`faults.${faultCodeOf(error)}`));
    }
    setBusy(false);
  }

  if (link === null) return <Skeleton className="h-56" />;
  if (done) return <Said title={t('reset.doneTitle')} text={t('reset.done')} />;
  if (over || link === '') return <LinkOver />;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(textOf(new FormData(event.currentTarget), 'password'));
      }}
    >
      <div className="mb-2 grid gap-2">
        <h1 className="text-2xl font-semibold tracking-tight">{t('reset.title')}</h1>
        <p className="text-sm leading-6 text-quiet">{t('reset.text')}</p>
      </div>
      <Field
        label={t('reset.password')}
        name="password"
        type="password"
        dir="ltr"
        minLength={10}
        autoComplete="new-password"
        hint={t('passwordHint')}
        required
      />
      {fault ? <FormFault>{fault}</FormFault> : null}
      <Button type="submit" busy={busy} className="mt-1 min-h-11">
        {t('reset.submit')}
      </Button>
    </form>
  );
}

function LinkOver() {
  const t = useTranslations('auth');
  return (
    <Said title={t('reset.overTitle')} text={t('reset.over')}>
      <HelpLink topic="troubleshooting#link-over" />
      <Link className={buttonClass()} href="/forgot-password">
        {t('reset.again')}
      </Link>
    </Said>
  );
}
