'use client';
import type { GroupView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { Card } from '@/ui/states';
import { numbersIn } from './changes.rules';
import { InviteLink } from './invite-link';
import { LeaveGroup } from './leave-group';
import { NumberChoice, Reason, useChoice } from './number-choice';
import { DescriptionForm, PictureForm, SubjectForm, WHY_LOCKED } from './profile-forms';
import { SettingsForm } from './settings-form';

/** What can be changed of a group, by one of the numbers that are in it. */
export default function SettingsTab({ group }: { group: GroupView }) {
  const t = useTranslations('groups.changes');
  const { data: membership } = useMembership();
  const numbers = numbersIn(group);
  const choice = useChoice(numbers);
  const number = numbers.find(({ session_id: id }) => id === choice.session?.id);
  if (membership && !may(membership.role, 'groups:manage'))
    return <Card className="text-sm leading-6 text-quiet">{t('faults.not_permitted')}</Card>;
  if (numbers.length === 0)
    return (
      <Card>
        <Reason why="not_in_group" />
      </Card>
    );
  if (!number) return null;
  // What another number is allowed is begun anew with it.
  const at = { group, number };
  return (
    <>
      <Card>
        <NumberChoice choice={choice} />
      </Card>
      <Card className="grid grid-cols-1 gap-6" aria-label={t('settings.profile')}>
        <Reason id={WHY_LOCKED} why={number.cannot.subject ?? null} />
        <SubjectForm key={`${number.session_id} ${group.subject}`} {...at} />
        <DescriptionForm key={`${number.session_id} ${group.description ?? ''}`} {...at} />
        <PictureForm {...at} />
      </Card>
      <SettingsForm {...at} />
      <InviteLink key={number.session_id} {...at} />
      <LeaveGroup {...at} />
    </>
  );
}
