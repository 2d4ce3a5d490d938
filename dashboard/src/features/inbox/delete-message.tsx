'use client';
import type { MessageView } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { sayOf } from '@/lib/api';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { useSend } from './inbox.api';

/** Asks before a message goes from every phone. */
export default function DeleteMessage({ message, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox.remove');
  const send = useSend();
  return (
    <ConfirmDialog
      title={t('title')}
      confirm={t('confirm')}
      cancel={t('cancel')}
      open
      onOpenChange={leave}
      busy={send.isPending}
      fault={send.error ? sayOf(send.error, t('failed')) : undefined}
      onConfirm={() =>
        send.mutate(
          { key: crypto.randomUUID(), message: { type: 'delete', message_id: message.id } },
          { onSuccess: leave },
        )
      }
    >
      {t('text')}
    </ConfirmDialog>
  );
}
