'use client';
import { may } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/states';
import { BackLink } from './broadcast-screen';
import { NotYou } from './broadcasts-screen';

const Wizard = lazy(() => import('./wizard'));

/** A new broadcast, step by step. */
export function WizardScreen() {
  const t = useTranslations('broadcasts');
  const { data: membership } = useMembership();
  const sends = membership ? may(membership.role, 'broadcasts:send') : null;
  return (
    <Page above={<BackLink />} title={t('new')}>
      {sends === false ? <NotYou /> : null}
      {sends ? (
        <Suspense fallback={<Skeleton className="h-96 rounded-card" />}>
          <Wizard />
        </Suspense>
      ) : null}
    </Page>
  );
}
