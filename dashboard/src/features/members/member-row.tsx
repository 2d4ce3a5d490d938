'use client';
import type { MemberView, Role } from '@wasel/backend/contract';
import { may, ROLES } from '@wasel/backend/contract/words';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { Avatar } from '@/ui/avatar';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { FormFault } from '@/ui/field';
import { Select } from '@/ui/select';
import { Chip } from '@/ui/states';
import { EndButton } from '@/ui/end-button';
import { useChangeRole, useLeave, useRemoveMember } from './members.api';

/** What somebody of `role` may make of others. */
export const rolesFor = (role: Role): Role[] => ROLES.filter((one) => one !== 'owner' || may(role, 'owners:manage'));

const nameOf = ({ name, email }: MemberView): string => name || email;

/** A member, with what the one who looks may change of him. */
export function MemberRow({
  member,
  mine,
  role,
  organization,
}: {
  member: MemberView;
  mine: boolean;
  /** Of who looks. */
  role: Role;
  organization: string;
}) {
  const t = useTranslations('members');
  const format = useFormatter();
  const manages = may(role, member.role === 'owner' ? 'owners:manage' : 'members:manage');
  const since = format.dateTime(new Date(member.joined_at), { dateStyle: 'medium' });
  return (
    <li className="grid grid-cols-1 gap-3 py-4 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
      <div className="flex min-w-0 gap-3">
        <Avatar name={member.name} />
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
            <bdi>{nameOf(member)}</bdi>
            {mine ? <Chip>{t('you')}</Chip> : null}
          </p>
          <p className="text-sm leading-6 text-quiet wrap-anywhere">
            <bdi dir="ltr">{member.email}</bdi> · {t('joined', { date: since })}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2 max-sm:ps-13">
        {manages ? <RoleSelect member={member} role={role} /> : <Chip>{t(`roles.${member.role}`)}</Chip>}
        {mine ? <LeaveButton organization={organization} /> : null}
        {manages && !mine ? <RemoveButton member={member} /> : null}
      </div>
    </li>
  );
}

/** To become an owner, or to be one no more, is asked about; every other role is taken at once. */
function RoleSelect({ member, role }: { member: MemberView; role: Role }) {
  const t = useTranslations('members');
  const change = useChangeRole();
  const [wanted, setWanted] = useState<Role>();
  const fault = change.error ? faultIn(t, change.error) : undefined;
  const to = (next: Role): void => {
    change.reset();
    if (next === 'owner' || member.role === 'owner') setWanted(next);
    else change.mutate({ id: member.id, role: next });
  };
  return (
    <>
      <Select
        className="w-36"
        aria-label={t('roleOf', { name: nameOf(member) })}
        value={change.isPending ? change.variables.role : member.role}
        disabled={change.isPending}
        options={rolesFor(role).map((one) => [one, t(`roles.${one}`)] as const)}
        onChange={(event) => to(event.target.value as Role)}
      />
      {fault && !wanted ? <FormFault>{fault}</FormFault> : null}
      <ConfirmDialog
        title={wanted ? t('confirmRole.title', { name: nameOf(member), role: t(`roles.${wanted}`) }) : ''}
        confirm={t('confirmRole.confirm')}
        cancel={t('cancel')}
        open={wanted !== undefined}
        onOpenChange={() => {
          change.reset();
          setWanted(undefined);
        }}
        busy={change.isPending}
        fault={fault}
        onConfirm={() =>
          wanted && change.mutate({ id: member.id, role: wanted }, { onSuccess: () => setWanted(undefined) })
        }
      >
        {t('confirmRole.text')}
      </ConfirmDialog>
    </>
  );
}

function RemoveButton({ member }: { member: MemberView }) {
  const t = useTranslations('members');
  const remove = useRemoveMember();
  return (
    <EndButton
      label={t('remove')}
      name={t('removeOf', { name: nameOf(member) })}
      cancel={t('cancel')}
      title={t('confirmRemove.title', { name: nameOf(member) })}
      text={t('confirmRemove.text')}
      work={remove}
      fault={remove.error ? faultIn(t, remove.error) : undefined}
      run={() => remove.mutateAsync(member.id)}
    />
  );
}

function LeaveButton({ organization }: { organization: string }) {
  const t = useTranslations('members');
  const leave = useLeave();
  return (
    <EndButton
      label={t('leave')}
      cancel={t('cancel')}
      title={t('confirmLeave.title', { name: organization })}
      text={t('confirmLeave.text')}
      work={leave}
      fault={leave.error ? faultIn(t, leave.error) : undefined}
      run={() => leave.mutateAsync().then(() => location.assign('/overview'))}
    />
  );
}
