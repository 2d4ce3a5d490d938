'use client';
import type { CreatedInvitation, InvitationView, Role } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { MailPlus, UserPlus } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { configQuery } from '@/features/account/account.api';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy-field';
import { Dialog } from '@/ui/dialog';
import { EndButton } from '@/ui/end-button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { rolesFor } from './member-row';
import { invitationsQuery, useInvite, useRevokeInvitation } from './members.api';

/** Links that were not used yet, and the way to a new one. */
export function Invitations({ role }: { role: Role }) {
  const t = useTranslations('members');
  const invitations = useQuery(invitationsQuery());
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<CreatedInvitation>();
  const invite = (
    <Button onClick={() => setInviting(true)}>
      <UserPlus className="size-4" aria-hidden /> {t('invitations.invite')}
    </Button>
  );
  return (
    <Card className="grid grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="grid min-w-0 flex-1 basis-60 gap-1">
          <h2 className="font-semibold">{t('invitations.title')}</h2>
          <p className="text-sm leading-6 text-quiet">{t('invitations.text')}</p>
        </div>
        {invitations.data?.length === 0 ? null : invite}
      </div>
      {invitations.isPending ? <SkeletonRows rows={1} /> : null}
      {invitations.isError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void invitations.refetch()} />
      ) : null}
      {invitations.data?.length === 0 ? (
        <EmptyState title={t('invitations.empty.title')} icon={<MailPlus className="size-6" />} action={invite}>
          {t('invitations.empty.text')}
        </EmptyState>
      ) : null}
      {invitations.data && invitations.data.length > 0 ? (
        <ul className="grid grid-cols-1 divide-y divide-line">
          {invitations.data.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </ul>
      ) : null}
      <Dialog
        title={made ? t('invitations.made', { email: made.email }) : t('invitations.dialog')}
        close={t('close')}
        open={inviting}
        stays={made !== undefined}
        onOpenChange={(open) => {
          setInviting(open);
          setMade(undefined);
        }}
      >
        {made ? (
          <MadeLink
            link={made.link}
            done={() => {
              setInviting(false);
              setMade(undefined);
            }}
          />
        ) : (
          <InviteForm role={role} made={setMade} />
        )}
      </Dialog>
    </Card>
  );
}

function InvitationRow({ invitation }: { invitation: InvitationView }) {
  const t = useTranslations('members');
  const format = useFormatter();
  const now = useNow();
  const revoke = useRevokeInvitation();
  const { email, expires_at: end } = invitation;
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-4 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
          <bdi dir="ltr">{email}</bdi> <Chip>{t(`roles.${invitation.role}`)}</Chip>
        </p>
        <p className="text-sm leading-6 text-quiet">
          {new Date(end) <= now
            ? t('invitations.expired')
            : t('invitations.expires', {
                date: format.dateTime(new Date(end), { dateStyle: 'medium', timeStyle: 'short' }),
              })}
        </p>
      </div>
      <EndButton
        label={t('invitations.revoke')}
        name={t('revokeOf', { email })}
        cancel={t('cancel')}
        title={t('confirmRevoke.title', { email })}
        text={t('confirmRevoke.text')}
        work={revoke}
        fault={revoke.error ? faultIn(t, revoke.error) : undefined}
        run={() => revoke.mutateAsync(invitation.id)}
      />
    </li>
  );
}

function InviteForm({ role, made }: { role: Role; made: (invitation: CreatedInvitation) => void }) {
  const t = useTranslations('members');
  const invite = useInvite();
  const [chosen, setChosen] = useState<Role>('agent');
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const email = textOf(new FormData(event.currentTarget), 'email');
        invite.mutate({ email, role: chosen }, { onSuccess: made });
      }}
    >
      <Field
        label={t('invitations.email')}
        name="email"
        type="email"
        dir="ltr"
        autoComplete="off"
        hint={t('invitations.emailHint')}
        required
      />
      <div className="grid gap-1.5">
        <SelectField
          label={t('role')}
          name="role"
          value={chosen}
          onChange={(event) => setChosen(event.target.value as Role)}
          options={rolesFor(role).map((one) => [one, t(`roles.${one}`)] as const)}
        />
        <p className="text-xs leading-5 text-quiet">{t(`may.${chosen}`)}</p>
      </div>
      {invite.error ? <FormFault>{faultIn(t, invite.error)}</FormFault> : null}
      <Button type="submit" busy={invite.isPending}>
        {t('invitations.create')}
      </Button>
    </form>
  );
}

function MadeLink({ link, done }: { link: string; done: () => void }) {
  const t = useTranslations('members.invitations');
  const { data: config } = useQuery(configQuery());
  return (
    <div className="grid grid-cols-1 gap-4">
      <p role="status" className="text-sm leading-6 text-quiet">
        {config ? t(`madeText.${config.mail}`) : null}
      </p>
      <CopyField label={t('link')} value={link} copy={t('copy')} copied={t('copied')} />
      <Button look="plain" onClick={done}>
        {t('done')}
      </Button>
    </div>
  );
}
