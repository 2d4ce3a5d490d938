'use client';
import type { SessionView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { useCancelAll, useRetryAll } from './sessions.api';

type Props = { session: SessionView; count: number };

/** Takes back all that waits on a number, after it was said how much that is. */
export function CancelAllButton(props: Props) {
  return <QueueButton {...props} work={useCancelAll()} label="cancelAll" ask="confirmCancelAll" look="danger" />;
}

/** Sends all again that failed on a number, after it was said how much that is. */
export function RetryAllButton(props: Props) {
  return <QueueButton {...props} work={useRetryAll()} label="retryAll" ask="confirmRetryAll" look="plain" />;
}

function QueueButton({
  session,
  count,
  work,
  label,
  ask,
  look,
}: Props & {
  work: ReturnType<typeof useCancelAll>;
  label: 'cancelAll' | 'retryAll';
  ask: 'confirmCancelAll' | 'confirmRetryAll';
  look: 'danger' | 'plain';
}) {
  const t = useTranslations('sessions.detail.health');
  const s = useTranslations('sessions');
  const { data: membership } = useMembership();
  const [asking, setAsking] = useState(false);
  if (!membership || !may(membership.role, 'messages:send')) return null;
  if (count === 0 && !asking) return null;
  return (
    <div className="mt-2">
      <Button
        look={look}
        onClick={() => {
          work.reset();
          setAsking(true);
        }}
      >
        {t(label)}
      </Button>
      <ConfirmDialog
        title={t(`${ask}.title`)}
        confirm={t(label)}
        cancel={s('cancel')}
        open={asking}
        onOpenChange={setAsking}
        busy={work.isPending}
        fault={work.error ? sayOf(work.error, s('failed')) : undefined}
        onConfirm={() => work.mutate(session.id, { onSuccess: () => setAsking(false) })}
      >
        {t(`${ask}.text`, { count })}
      </ConfirmDialog>
    </div>
  );
}
