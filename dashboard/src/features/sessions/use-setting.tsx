'use client';
import type { SessionView, UpdateSession } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { FormFault } from '@/ui/field';
import { useUpdateSession } from './sessions.api';

/** Decides something about a number; what is on its way is `wanted`. */
export function useSetting({ session, manages }: { session: SessionView; manages: boolean }) {
  const t = useTranslations('sessions');
  const update = useUpdateSession();
  return {
    set: (changes: UpdateSession, done?: () => void) =>
      update.mutate({ id: session.id, ...changes }, done ? { onSuccess: done } : {}),
    wanted: update.isPending ? update.variables : undefined,
    locked: !manages || update.isPending,
    fault: update.error ? <FormFault>{faultIn(t, update.error)}</FormFault> : null,
  };
}
