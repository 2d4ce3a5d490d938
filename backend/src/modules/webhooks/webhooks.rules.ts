import { DomainError } from '../../kernel/domain-error.ts';
import type { PublicAnswer } from '../../platform/http/public-fetch.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** Pauses between tries: eleven within a day, the last 23 hours and 43 minutes after the first. */
export const PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  6 * HOUR_MS,
  10 * HOUR_MS,
];
export const ATTEMPTS_MAX = PAUSES_MS.length + 1;
/** After it, nothing is tried again. */
export const EXPIRES_MS = 24 * HOUR_MS;

/** Pauses are up to so much shorter, so that what failed together is not tried again together. */
const JITTER_SHARE = 0.1;

/** From so many failures in a row on, one try at a time finds out whether an endpoint is back; the others wait with it. */
export const FAILURES_TO_PAUSE = 5;
const PAUSE_MAX_MS = HOUR_MS;
const RETRY_AFTER_MAX_MS = 12 * HOUR_MS;

/** How a try ended. `error` is a short name, as `http_404`; `retryAfterMs`: the other side asks for patience. */
export type Outcome = Readonly<{
  status: number | null;
  answer: string | null;
  error: string | null;
  retryAfterMs: number;
}>;

export function outcomeOf({ status, headers, body }: PublicAnswer, now: Date): Outcome {
  const taken = status >= 200 && status < 300;
  return {
    status,
    answer: textOf(body),
    error: taken ? null : `http_${status}`,
    retryAfterMs: taken ? 0 : retryAfterMs(headers['retry-after'], now),
  };
}

export const outcomeOfFault = (fault: unknown): Outcome => ({
  status: null,
  answer: null,
  error: isTimeOut(fault) ? 'timed_out' : fault instanceof DomainError ? fault.code : 'unknown',
  retryAfterMs: 0,
});

/** @param jitter in [0, 1) @returns ms until the next try after the `attempts`th failed; null: there is none */
export function nextTryMs(attempts: number, retryAfter: number, leftMs: number, jitter: number): number | null {
  const pause = PAUSES_MS[attempts - 1];
  if (pause === undefined || leftMs <= 0) return null;
  return Math.min(Math.max(pause * (1 - jitter * JITTER_SHARE), retryAfter), leftMs);
}

/** For how long nothing at all is tried at an endpoint after `failures` in a row. */
export function restMs(failures: number, retryAfter: number, jitter: number): number {
  const beyond = failures - FAILURES_TO_PAUSE;
  const pause = beyond < 0 ? 0 : Math.min(PAUSES_MS[beyond] ?? PAUSE_MAX_MS, PAUSE_MAX_MS);
  return Math.max(pause * (1 - jitter * JITTER_SHARE), retryAfter);
}

/** Seconds or a date (RFC 9110); nothing where it cannot be read. */
function retryAfterMs(header: string | string[] | undefined, now: Date): number {
  const text = typeof header === 'string' ? header.trim() : '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : 0;
}

/** Postgres keeps no zero byte, and half a character at the end is none. */
const textOf = (body: Buffer): string =>
  body
    .toString('utf8')
    .replaceAll('\0', '')
    .replace(/\uFFFD+$/, '');

function isTimeOut(fault: unknown): boolean {
  const cause: unknown = fault instanceof Error ? fault.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
}
