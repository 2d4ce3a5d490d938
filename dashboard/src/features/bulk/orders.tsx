'use client';
import { Pause, Play, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { FormFault } from '@/ui/field';

type Order = Readonly<{
  mutate: () => void;
  mutateAsync: () => Promise<unknown>;
  reset: () => void;
  isPending: boolean;
  error: Error | null;
}>;

/** What can be done about messages to many in the state that they are in: a job, or a broadcast. */
export function Orders({
  words,
  name,
  goesOn,
  isPaused,
  failed,
  orders: { pause, resume, cancel, again },
}: {
  /** The group of the catalogue. */
  words: 'bulk' | 'broadcasts';
  name: string;
  /** It has begun or will, and nobody has paused it. */
  goesOn: boolean;
  isPaused: boolean;
  failed: number;
  orders: Readonly<Record<'pause' | 'resume' | 'cancel' | 'again', Order>>;
}) {
  const t = useTranslations(words);
  const fault = pause.error ?? resume.error ?? again.error;
  return (
    <>
      {goesOn ? (
        <Button look="plain" busy={pause.isPending} onClick={() => pause.mutate()}>
          <Pause className="size-4" aria-hidden /> {t('pause')}
        </Button>
      ) : null}
      {isPaused ? (
        <Button busy={resume.isPending} onClick={() => resume.mutate()}>
          <Play className="size-4 rtl:-scale-x-100" aria-hidden /> {t('resume')}
        </Button>
      ) : null}
      {failed > 0 ? (
        <Button look="plain" busy={again.isPending} onClick={() => again.mutate()}>
          <RotateCw className="size-4 rtl:-scale-x-100" aria-hidden /> {t('retryFailed')}
        </Button>
      ) : null}
      {goesOn || isPaused ? (
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
    </>
  );
}
