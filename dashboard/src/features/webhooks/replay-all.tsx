'use client';
import { RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { FormFault } from '@/ui/field';
import { type DeliveryFilters, useCountReplay, useReplayAll } from './webhooks.api';

/** Tells everything again that is found, after saying how much that is. */
export function ReplayAll({ filters }: { filters: DeliveryFilters }) {
  const t = useTranslations('webhooks.replay');
  const count = useCountReplay();
  const replay = useReplayAll();
  const [asking, setAsking] = useState(false);
  const fault = replay.error ? faultIn(t, replay.error) : undefined;
  return (
    <div className="grid justify-items-end gap-2">
      <Button
        look="plain"
        busy={count.isPending}
        onClick={() => {
          replay.reset();
          count.mutate(filters, { onSuccess: () => setAsking(true) });
        }}
      >
        <RotateCcw className="size-4" aria-hidden /> {t('all')}
      </Button>
      <p role="status" className="text-sm text-quiet empty:hidden">
        {replay.isSuccess ? t('done', { count: replay.data }) : ''}
      </p>
      {count.error ? <FormFault>{faultIn(t, count.error)}</FormFault> : null}
      <ConfirmDialog
        title={t('title', { count: count.data ?? 0 })}
        confirm={t('confirm')}
        cancel={t('cancel')}
        open={asking}
        onOpenChange={setAsking}
        busy={replay.isPending}
        fault={fault}
        onConfirm={() => replay.mutate(filters, { onSuccess: () => setAsking(false) })}
      >
        {t('text')}
      </ConfirmDialog>
    </div>
  );
}
