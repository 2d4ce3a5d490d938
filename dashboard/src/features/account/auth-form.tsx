'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { HelpLink } from '@/features/help/help-link';
import { faultCodeOf, session } from '@/lib/auth';
import { cx } from '@/lib/cx';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { Link } from '@/ui/link';

type Kind = 'sign-in' | 'sign-up';

/** Somebody who comes by an invitation: it says his address and what he is here for, and he stays on its page. */
export type Invited = { email: string; done: () => void; turn: (kind: Kind) => void };

/** Sign-in, or sign-up, which also asks for a name. */
export function AuthForm({ kind, invited }: { kind: Kind; invited?: Invited }) {
  const t = useTranslations('auth');
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [unconfirmed, setUnconfirmed] = useState<string>();

  async function submit(form: FormData): Promise<void> {
    const read = (name: string) => textOf(form, name);
    setBusy(true);
    setFault(undefined);
    try {
      if (kind === 'sign-up') {
        const outcome = await (await session.issuer()).signUp(read('name'), read('email'), read('password'));
        if (outcome === 'confirm-email') {
          setBusy(false);
          return setUnconfirmed(read('email'));
        }
      } else await (await session.issuer()).signIn(read('email'), read('password'));
      if (invited) invited.done();
      else router.push('/overview');
    } catch (error) {
      setFault(t(`faults.${faultCodeOf(error)}`));
      setBusy(false);
    }
  }

  if (unconfirmed && invited)
    return <ConfirmInvited email={unconfirmed} signIn={() => (setUnconfirmed(undefined), invited.turn('sign-in'))} />;
  if (unconfirmed) return <ConfirmEmail email={unconfirmed} />;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {invited ? null : <Heading kind={kind} />}
      {kind === 'sign-up' ? <Field label={t('name')} name="name" autoComplete="name" required /> : null}
      <Field
        label={t('email')}
        name="email"
        type="email"
        dir="ltr"
        autoComplete="email"
        required
        {...(invited ? { value: invited.email, readOnly: true } : {})}
      />
      <Field
        label={t('password')}
        name="password"
        type="password"
        dir="ltr"
        minLength={kind === 'sign-up' ? 10 : 1}
        autoComplete={kind === 'sign-up' ? 'new-password' : 'current-password'}
        required
        {...(kind === 'sign-up' ? { hint: t('passwordHint') } : {})}
      />
      {kind === 'sign-in' ? (
        <Link className={cx(OTHER, 'justify-self-start text-sm')} href="/forgot-password">
          {t('forgot.link')}
        </Link>
      ) : null}
      {fault ? <FormFault>{fault}</FormFault> : null}
      <Button type="submit" busy={busy} className="mt-1 min-h-11">
        {t(`${kind}.submit`)}
      </Button>
      {invited ? <TurnInvited kind={kind} turn={invited.turn} /> : <OtherWay kind={kind} />}
    </form>
  );
}

function Heading({ kind }: { kind: Kind }) {
  const t = useTranslations('auth');
  return (
    <div className="mb-2 grid gap-2">
      <h1 className="text-2xl font-semibold tracking-tight">{t(`${kind}.title`)}</h1>
      <p className="text-sm leading-6 text-quiet">{t(`${kind}.text`)}</p>
    </div>
  );
}

const OTHER = 'inline-flex min-h-10 items-center font-medium text-accent underline underline-offset-2';

function OtherWay({ kind }: { kind: Kind }) {
  const t = useTranslations('auth');
  return (
    <p className="text-sm text-quiet">
      {t(`${kind}.other`)}{' '}
      <Link className={OTHER} href={kind === 'sign-in' ? '/sign-up' : '/sign-in'}>
        {t(`${kind}.otherLink`)}
      </Link>
    </p>
  );
}

function TurnInvited({ kind, turn }: { kind: Kind; turn: (kind: Kind) => void }) {
  const t = useTranslations('join');
  return (
    <p className="text-sm text-quiet">
      {t(kind === 'sign-in' ? 'noAccount' : 'haveAccount')}{' '}
      <button type="button" className={OTHER} onClick={() => turn(kind === 'sign-in' ? 'sign-up' : 'sign-in')}>
        {t(kind === 'sign-in' ? 'toSignUp' : 'toSignIn')}
      </button>
    </p>
  );
}

function ConfirmInvited({ email, signIn }: { email: string; signIn: () => void }) {
  const t = useTranslations('join');
  return (
    <div role="status" className="grid gap-4">
      <p className="text-sm leading-6 text-quiet">{t('confirmText', { email })}</p>
      <Button onClick={signIn}>{t('confirmed')}</Button>
    </div>
  );
}

function ConfirmEmail({ email }: { email: string }) {
  const t = useTranslations('auth');
  return (
    <div role="status" className="grid gap-4">
      <h1 className="text-2xl font-semibold tracking-tight">{t('confirm.title')}</h1>
      <p className="text-sm leading-6 text-quiet">{t('confirm.text', { email })}</p>
      <HelpLink topic="troubleshooting#no-mail">{t('noMail')}</HelpLink>
      <Link className={buttonClass('plain')} href="/sign-in">
        {t('sign-in.submit')}
      </Link>
    </div>
  );
}
