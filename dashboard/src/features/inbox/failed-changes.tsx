'use client';
import type { FailedChangeView, MessageView } from '@wasel/backend/contract';
import { RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { HelpLink } from '@/features/help/help-link';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { useChatting } from './chat-actions';
import { useDismiss, useRetry } from './inbox.api';

/** What was to become of a message and did not: why, and what to do about each. */
export default function FailedChanges({ message }: { message: MessageView }) {
  return (
    <ul className="mt-1 grid max-w-80 grid-cols-1 gap-3 border-t border-line py-2 text-sm leading-6">
      {message.failed_changes.map((change) => (
        <li key={change.id}>
          <FailedChange change={change} />
        </li>
      ))}
    </ul>
  );
}

function FailedChange({ change }: { change: FailedChangeView }) {
  const t = useTranslations('inbox.failedChanges');
  const words = useTranslations('inbox');
  const { sends } = useChatting();
  const retry = useRetry();
  const dismiss = useDismiss();
  const why = `failures.${change.error_code ?? 'other'}`;
  const fault = retry.error ?? dismiss.error;
  return (
    <div className="grid justify-items-start gap-1.5">
      <p className="font-medium text-bad wrap-anywhere">
        {t.rich(whatOf(change), { text: change.text ?? '', said: Said })}
      </p>
      <p>{change.error_code === 'expired' ? t('expired') : words.has(why) ? words(why) : words('failures.other')}</p>
      <HelpLink topic="troubleshooting#message-failed" />
      {sends ? (
        <div className="flex flex-wrap gap-2">
          {change.retryable ? (
            <Button look="plain" className="px-3" busy={retry.isPending} onClick={() => retry.mutate(change.id)}>
              <RotateCw className="size-3.5 rtl:-scale-x-100" aria-hidden /> {t('again')}
            </Button>
          ) : null}
          <Button look="ghost" className="px-3" busy={dismiss.isPending} onClick={() => dismiss.mutate(change.id)}>
            {t('dismiss')}
          </Button>
        </div>
      ) : null}
      {fault ? (
        <p role="alert" className="text-bad">
          {sayOf(fault, t('failed'))}
        </p>
      ) : null}
    </div>
  );
}

const Said = (text: React.ReactNode) => <bdi>{text}</bdi>;

function whatOf({ type, text }: FailedChangeView): 'edit' | 'delete' | 'reaction' | 'takenBack' | 'poll_vote' {
  return type === 'reaction' && !text ? 'takenBack' : type;
}
