'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { HelpLink } from '@/features/help/help-link';
import { faultCodeOf, session } from '@/lib/auth';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { configQuery } from './account.api';
import { Link } from '@/ui/link';

/** Has a link mailed by which a new password is chosen. It says nothing about whether there is such an account. */
export function ForgotPasswordForm() {
  const t = useTranslations('auth');
  const { data: config } = useQuery(configQuery());
  const work = useMutation({
    mutationFn: async (email: string) => (await session.issuer()).askForPasswordReset(email),
  });

  if (config?.auth.provider === 'embedded' && config.mail === 'none')
    return <Said title={t('forgot.title')} text={t('forgot.noMail')} />;
  if (work.isSuccess)
    return (
      <Said title={t('forgot.askedTitle')} text={t('forgot.asked', { email: work.variables })}>
        <HelpLink topic="troubleshooting#no-mail">{t('noMail')}</HelpLink>
        {config?.mail === 'mailbox' ? (
          <Link className={buttonClass('plain')} href="/mailbox">
            {t('forgot.mailbox')}
          </Link>
        ) : null}
      </Said>
    );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        work.mutate(textOf(new FormData(event.currentTarget), 'email'));
      }}
    >
      <div className="mb-2 grid gap-2">
        <h1 className="text-2xl font-semibold tracking-tight">{t('forgot.title')}</h1>
        <p className="text-sm leading-6 text-quiet">{t('forgot.text')}</p>
      </div>
      <Field label={t('email')} name="email" type="email" dir="ltr" autoComplete="email" required />
      {work.error ? <FormFault>{t(`faults.${faultCodeOf(work.error)}`)}</FormFault> : null}
      <Button type="submit" busy={work.isPending} className="mt-1 min-h-11">
        {t('forgot.submit')}
      </Button>
      <BackToSignIn />
    </form>
  );
}

/** An end of the way, from which sign-in is one step. */
export function Said({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <div role="status" className="grid gap-4">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="text-sm leading-6 wrap-anywhere text-quiet">{text}</p>
      {children}
      <BackToSignIn />
    </div>
  );
}

function BackToSignIn() {
  const t = useTranslations('auth');
  return (
    <Link className={buttonClass('ghost')} href="/sign-in">
      {t('forgot.back')}
    </Link>
  );
}
