'use client';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useMembership } from '@/features/account/account.api';
import { useDraft } from '@/features/inbox/drafts';
import { type Draft, draftIn, EMPTY } from './draft.rules';

export type SetDraft = (change: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => void;

/**
 * The broadcast that somebody has begun in this organization, kept as what is begun in a chat; null until it is known. Whatever
 * changes of it makes it another launch.
 */
export function useBroadcastDraft(): [draft: Draft | null, set: SetDraft, clear: () => void] {
  const { data: membership } = useMembership();
  const [kept, write] = useDraft(`broadcast:${membership?.organization.id ?? ''}`);
  const draft = useMemo(() => (kept === null || !membership ? null : draftIn(kept)), [kept, membership]);
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });
  const set = useCallback<SetDraft>(
    (change) => {
      const now = latest.current ?? EMPTY;
      latest.current = { ...now, key: null, ...(typeof change === 'function' ? change(now) : change) };
      write(JSON.stringify(latest.current));
    },
    [write],
  );
  const clear = useCallback(() => {
    latest.current = EMPTY;
    write('');
  }, [write]);
  return [draft, set, clear];
}
