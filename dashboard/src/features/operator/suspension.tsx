'use client';
import type { OperatorOrganizationDetail } from '@wasel/backend/contract';
import { Ban, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/ui/button';
import { useDecide } from './operator.api';
import { ReasonDialog } from './reason-dialog';

/** Stops an organization, or lets one go on that is stopped. */
export function SuspensionButton({ organization }: { organization: OperatorOrganizationDetail }) {
  const what = organization.suspension ? 'unsuspend' : 'suspend';
  const t = useTranslations(`operator.${what}`);
  const [asking, setAsking] = useState(false);
  const decide = useDecide(organization.id, what);
  const Icon = organization.suspension ? Play : Ban;
  return (
    <>
      <Button
        look={organization.suspension ? 'primary' : 'danger'}
        onClick={() => {
          decide.reset();
          setAsking(true);
        }}
      >
        <Icon className="size-4" aria-hidden /> {t('action')}
      </Button>
      <ReasonDialog
        title={t('title', { name: organization.name })}
        text={t('text')}
        hint={t('hint')}
        confirm={t('action')}
        destructive={!organization.suspension}
        open={asking}
        onOpenChange={setAsking}
        work={decide}
        run={(reason) => decide.mutate(reason, { onSuccess: () => setAsking(false) })}
      />
    </>
  );
}
