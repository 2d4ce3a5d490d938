'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { AuthError, faultCodeOf, session } from '@/lib/auth';
import { useHash } from '@/lib/use-hash';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { Skeleton } from '@/ui/states';
import { Said } from './forgot-password-form';

/** Where the link to a new address leads. It asks first: programs that read mails open links, too. */
export function ConfirmEmailForm() {
  const t = useTranslations('auth');
  const link = useHash();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [end, setEnd] = useState<'done' | 'over'>();

  async function confirm(): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await (await session.issuer()).confirmEmail(link ?? '');
      setEnd('done');
    } catch (error) {
      if (error instanceof AuthError && error.code === 'LINK_OVER') setEnd('over');
      else setFault(t(`faults.${faultCodeOf(error)}`));
    }
    setBusy(false);
  }

  if (link === null) return <Skeleton className="h-40" />;
  if (end === 'done') return <Said title={t('confirmEmail.doneTitle')} text={t('confirmEmail.done')} />;
  if (end === 'over' || link === '') return <Said title={t('reset.overTitle')} text={t('confirmEmail.over')} />;
  return (
    <div className="grid gap-4">
      <h1 className="text-2xl font-semibold tracking-tight">{t('confirmEmail.title')}</h1>
      <p className="text-sm leading-6 text-quiet">{t('confirmEmail.text')}</p>
      {fault ? <FormFault>{fault}</FormFault> : null}
      <Button busy={busy} onClick={() => void confirm()} className="min-h-11">
        {t('confirmEmail.submit')}
      </Button>
    </div>
  );
}
