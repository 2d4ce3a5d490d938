'use client';
import type { MessageView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { useActions } from './chat-actions';
import { useCancel } from './inbox.api';

/** What can be done with a message that has not left: it is taken back, or taken back and written anew. */
export default function WaitingActions({ message }: { message: MessageView }) {
  const t = useTranslations('inbox.later');
  const cancel = useCancel();
  const { rewrite } = useActions();
  const { data: membership } = useMembership();
  const { text } = message;
  if (!membership || !may(membership.role, 'messages:send')) return null;
  return (
    <div className="mt-1 grid gap-2 border-t border-line pt-2">
      <div className="flex flex-wrap gap-2">
        <Button look="plain" className="px-3" busy={cancel.isPending} onClick={() => cancel.mutate(message.id)}>
          {t('cancel')}
        </Button>
        {message.type === 'text' && text !== null ? (
          <Button
            look="plain"
            className="px-3"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(message.id, { onSuccess: () => rewrite(text) })}
          >
            {t('change')}
          </Button>
        ) : null}
      </div>
      {cancel.error ? (
        <p role="alert" className="text-bad">
          {sayOf(cancel.error, t('failed'))}
        </p>
      ) : null}
    </div>
  );
}
