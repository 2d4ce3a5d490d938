import { DomainError } from '../../kernel/domain-error.ts';
import { retryDelayMs } from '../../platform/queue/retry-delay.ts';

/** Tries of one notification, the first included. */
export const ATTEMPTS_MAX = 3;

/** Why a notification came to nothing yet, in words for people. */
export type Trouble = Readonly<{ code: string; detail: string | null }>;

/** What becomes of a notification that could not be told: it is tried again in so long, or given up. */
export type Verdict = Trouble & Readonly<{ againInMs: number | null }>;

/** What a person has to put right is not tried again; what is our own fault, or was busy, is. @param attempts made so far */
export function verdictOf(error: unknown, attempts: number): Verdict {
  const known = error instanceof DomainError ? error : null;
  const passing = known === null || known.kind === 'unavailable' || known.kind === 'limit';
  return {
    code: known?.code ?? 'internal_error',
    detail: known ? `${known.title}. ${known.detail}` : null,
    againInMs: passing && attempts < ATTEMPTS_MAX ? retryDelayMs(attempts) : null,
  };
}
