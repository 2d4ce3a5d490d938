import type { MessageView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { useRefetchMedia } from './inbox.api';

/** Why a message has no file, and the way to ask for it again. */
export default function LostFile({ message: { id, media_state: state } }: { message: MessageView }) {
  const t = useTranslations('inbox.lostFile');
  const { data: membership } = useMembership();
  const ask = useRefetchMedia();
  const mayAsk = state === 'failed' && membership && may(membership.role, 'messages:send');
  return (
    <div className="grid max-w-80 justify-items-start gap-2 py-1 leading-6">
      <p className="text-quiet italic">{t(state)}</p>
      {mayAsk ? (
        <Button look="plain" className="px-3" busy={ask.isPending} onClick={() => ask.mutate(id)}>
          <RotateCw className="size-3.5 rtl:-scale-x-100" aria-hidden /> {t('askAgain')}
        </Button>
      ) : null}
      {ask.error ? (
        <p role="alert" className="text-bad">
          {sayOf(ask.error, t('askFailed'))}
        </p>
      ) : null}
    </div>
  );
}
