'use client';
import { may } from '@wasel/backend/contract/words';
import { Link2, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { useAsked } from '@/lib/use-asked';
import { Button } from '@/ui/button';

const NewGroup = lazy(() => import('./new-group'));
const JoinDialog = lazy(() => import('./join-dialog'));

/** How a group comes to be in the list: it is made, or joined. */
export default function GroupsActions() {
  const t = useTranslations('groups.changes');
  const { data: membership } = useMembership();
  const [making, setMaking] = useAsked('new');
  const [joining, setJoining] = useAsked('join');
  if (!membership || !may(membership.role, 'groups:manage')) return null;
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="plain" onClick={() => setJoining(true)}>
        <Link2 className="size-4" aria-hidden /> {t('join.open')}
      </Button>
      <Button onClick={() => setMaking(true)}>
        <Plus className="size-4" aria-hidden /> {t('create.new')}
      </Button>
      <Suspense>
        {making ? <NewGroup leave={() => setMaking(false)} /> : null}
        {joining ? <JoinDialog leave={() => setJoining(false)} /> : null}
      </Suspense>
    </div>
  );
}
