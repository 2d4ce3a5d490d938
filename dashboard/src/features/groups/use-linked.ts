'use client';
import { useQuery } from '@tanstack/react-query';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { type Choice, useChoice } from './number-choice';

/** Those of our numbers that are linked, whichever groups they are in. */
export function useLinked(): Choice {
  const { data: sessions = [] } = useQuery(sessionsQuery());
  return useChoice(sessions.filter(({ phone_number: phone }) => phone !== null).map(({ id }) => ({ session_id: id })));
}
