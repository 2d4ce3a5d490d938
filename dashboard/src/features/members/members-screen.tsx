'use client';
import type { Role } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { meQuery, useMembership } from '@/features/account/account.api';
import { SettingsLink } from '@/features/account/settings-link';
import { Page } from '@/ui/page';
import { Card, ErrorState, SkeletonRows } from '@/ui/states';
import { Invitations } from './invitations';
import { MemberRow } from './member-row';
import { membersQuery } from './members.api';

/** The people of the organization, and, for who manages them, those who are invited. */
export function MembersScreen() {
  const t = useTranslations('members');
  const { data: membership } = useMembership();
  return (
    <Page above={<SettingsLink>{t('back')}</SettingsLink>} title={t('title')}>
      {membership ? <Members role={membership.role} organization={membership.organization.name} /> : null}
      {membership && may(membership.role, 'members:manage') ? <Invitations role={membership.role} /> : null}
    </Page>
  );
}

function Members({ role, organization }: { role: Role; organization: string }) {
  const t = useTranslations('members');
  const members = useQuery(membersQuery());
  const { data: me } = useQuery(meQuery());
  return (
    <Card>
      {members.isPending ? <SkeletonRows rows={3} /> : null}
      {members.isError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void members.refetch()} />
      ) : null}
      <ul className="grid grid-cols-1 divide-y divide-line">
        {members.data?.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            mine={member.id === me?.id}
            role={role}
            organization={organization}
          />
        ))}
      </ul>
    </Card>
  );
}
