'use client';
import type { BroadcastView } from '@wasel/backend/contract';
import { Pause, Play, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { FormFault } from '@/ui/field';
import { useCancel, usePause, useResume, useRetryFailed } from './broadcasts.api';

/** What can be done about a broadcast in the state that it is in. */
export function Orders({ broadcast: { id, name, state, counts } }: { broadcast: BroadcastView }) {
  const t = useTranslations('broadcasts');
  const [pause, resume, cancel, again] = [usePause(id), useResume(id), useCancel(id), useRetryFailed(id)];
  const fault = pause.error ?? resume.error ?? again.error;
  const goesOn = state === 'running' || state === 'scheduled';
  if (!goesOn && state !== 'paused' && counts.failed === 0) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {goesOn ? (
        <Button look="plain" busy={pause.isPending} onClick={() => pause.mutate()}>
          <Pause className="size-4" aria-hidden /> {t('pause')}
        </Button>
      ) : null}
      {state === 'paused' ? (
        <Button busy={resume.isPending} onClick={() => resume.mutate()}>
          <Play className="size-4 rtl:-scale-x-100" aria-hidden /> {t('resume')}
        </Button>
      ) : null}
      {counts.failed > 0 ? (
        <Button look="plain" busy={again.isPending} onClick={() => again.mutate()}>
          <RotateCw className="size-4 rtl:-scale-x-100" aria-hidden /> {t('retryFailed')}
        </Button>
      ) : null}
      {goesOn || state === 'paused' ? (
        <EndButton
          label={t('cancel')}
          cancel={t('keep')}
          title={t('confirmCancel.title', { name })}
          text={t('confirmCancel.text')}
          work={cancel}
          fault={cancel.error ? faultIn(t, cancel.error) : undefined}
          run={() => cancel.mutateAsync()}
        />
      ) : null}
      {fault ? <FormFault>{faultIn(t, fault)}</FormFault> : null}
    </div>
  );
}
