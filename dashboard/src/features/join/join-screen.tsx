'use client';
import type { InvitationPreview } from '@wasel/backend/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { chooseOrganization, meQuery } from '@/features/account/account.api';
import { AuthForm } from '@/features/account/auth-form';
import { HelpLink } from '@/features/help/help-link';
import { faultIn, Problem } from '@/lib/api';
import { session } from '@/lib/auth';
import { useHash } from '@/lib/use-hash';
import { Button, buttonClass } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { ErrorState, Skeleton } from '@/ui/states';
import { previewQuery, useAccept } from './join.api';
import { Link } from '@/ui/link';

/** Where the link of an invitation leads: who asks, to what, and the way in. */
export function JoinScreen() {
  const t = useTranslations('join');
  const token = useHash();
  if (token === null) return <Skeleton className="h-56" />;
  if (token === '') return <DeadEnd title={t('incomplete.title')} text={t('incomplete.text')} />;
  return <Invitation key={token} token={token} />;
}

function Invitation({ token }: { token: string }) {
  const t = useTranslations('join');
  const preview = useQuery(previewQuery(token));
  if (preview.isPending) return <Skeleton className="h-56" />;
  if (preview.isError) {
    const { error } = preview;
    if (error instanceof Problem && [400, 404, 422].includes(error.status))
      return <DeadEnd title={t('gone.title')} text={t('gone.text')} />;
    return <ErrorState text={t('failed')} again={t('retry')} retry={() => void preview.refetch()} />;
  }
  return (
    <div className="grid grid-cols-1 gap-6">
      <Asked invitation={preview.data} />
      <WayIn token={token} invitation={preview.data} />
    </div>
  );
}

function Asked({ invitation }: { invitation: InvitationPreview }) {
  const t = useTranslations('join');
  const roles = useTranslations('members');
  const format = useFormatter();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions(); // that of who looks, not of the server
  const date = format.dateTime(new Date(invitation.expires_at), { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (
    <div className="grid gap-2">
      <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere">
        {t('invites', { organization: invitation.organization_name })}
      </h1>
      <p className="leading-7 wrap-anywhere">
        {t('by', {
          inviter: invitation.invited_by,
          organization: invitation.organization_name,
          role: roles(`roles.${invitation.role}`),
        })}
      </p>
      <p className="text-sm leading-6 text-quiet">{roles(`may.${invitation.role}`)}</p>
      <p className="text-sm leading-6 wrap-anywhere text-quiet">{t('until', { email: invitation.email, date })}</p>
    </div>
  );
}

/** An account first; then, for the right one, the button. */
function WayIn({ token, invitation }: { token: string; invitation: InvitationPreview }) {
  const t = useTranslations('join');
  const cache = useQueryClient();
  const me = useQuery(meQuery());
  const [kind, setKind] = useState<'sign-in' | 'sign-up'>('sign-up');
  if (me.isPending) return <Skeleton className="h-40" />;
  if (me.data && !me.error)
    return me.data.email.toLowerCase() === invitation.email ? (
      <Accept token={token} email={me.data.email} />
    ) : (
      <Another invited={invitation.email} email={me.data.email} />
    );
  if (!(me.error instanceof Problem && me.error.status === 401))
    return <ErrorState text={t('failed')} again={t('retry')} retry={() => void me.refetch()} />;
  return (
    <div className="grid grid-cols-1 gap-4">
      <p className="text-sm leading-6">{t(kind === 'sign-up' ? 'create' : 'enter')}</p>
      <AuthForm
        key={kind}
        kind={kind}
        invited={{
          email: invitation.email,
          turn: setKind,
          done: () => void cache.resetQueries({ queryKey: meQuery().queryKey }),
        }}
      />
    </div>
  );
}

function Accept({ token, email }: { token: string; email: string }) {
  const t = useTranslations('join');
  const accept = useAccept();
  return (
    <div className="grid gap-4">
      <p className="text-sm leading-6 wrap-anywhere text-quiet">{t('as', { email })}</p>
      {accept.error ? <FormFault>{faultIn(t, accept.error)}</FormFault> : null}
      {accept.error instanceof Problem && accept.error.code === 'already_member' ? (
        <Home />
      ) : (
        <Button
          className="min-h-11"
          busy={accept.isPending || accept.isSuccess}
          onClick={() =>
            accept.mutate(token, {
              onSuccess: ({ organization_id: organization }) => {
                chooseOrganization(organization);
                location.assign('/overview'); // anew, so that nothing of another organization stays on the screen
              },
            })
          }
        >
          {t('accept')}
        </Button>
      )}
    </div>
  );
}

function Another({ invited, email }: { invited: string; email: string }) {
  const t = useTranslations('join');
  const [failed, setFailed] = useState(false);
  return (
    <div role="alert" className="grid gap-4">
      <h2 className="font-semibold">{t('another.title')}</h2>
      <p className="text-sm leading-6 wrap-anywhere text-quiet">{t('another.text', { invited, email })}</p>
      {failed ? <FormFault>{t('failed')}</FormFault> : null}
      <Button
        onClick={() =>
          void session.signOut().then(
            () => location.reload(), // nothing of the other person stays
            () => setFailed(true),
          )
        }
      >
        {t('another.action')}
      </Button>
      <Home />
    </div>
  );
}

function DeadEnd({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid gap-4">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="text-sm leading-6 text-quiet">{text}</p>
      <HelpLink topic="troubleshooting#invitation-over" />
      <Home />
    </div>
  );
}

function Home() {
  const t = useTranslations('join');
  return (
    <Link href="/overview" className={buttonClass('plain')}>
      {t('home')}
    </Link>
  );
}
