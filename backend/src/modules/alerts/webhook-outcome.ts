import { DomainError } from '../../kernel/domain-error.ts';
import type { PublicAnswer } from '../../platform/http/public-fetch.ts';
import { retryDelayMs } from '../../platform/queue/retry-delay.ts';

/** What is to become of a delivery after one try. `error` is a short name, as `http_404`. */
export type Outcome =
  | Readonly<{ state: 'sent' }>
  | Readonly<{ state: 'waiting'; inMs: number; error: string }>
  | Readonly<{ state: 'failed'; error: string }>;

/** Tries of one alert: the last about two hours after the first, if the other side asks for no more patience. */
const ATTEMPTS_MAX = 10;
const RETRY_AFTER_MAX_MS = 3_600_000;

const SLOW_DOWN = new Set([408, 425, 429]);

/** @param attempts this one included @param once a test: a person waits for its outcome */
export function outcomeOf(answer: PublicAnswer, attempts: number, once: boolean, now: Date): Outcome {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { state: 'sent' };
  const error = `http_${status}`;
  if (status < 500 && !SLOW_DOWN.has(status)) return { state: 'failed', error };
  return again(error, attempts, once, retryAfterMs(headers['retry-after'], now));
}

/** Nobody there may be somebody later; an address that is none, or that leads elsewhere, stays what it is. */
export function outcomeOfFault(fault: unknown, attempts: number, once: boolean): Outcome {
  const error = fault instanceof DomainError ? fault.code : 'unknown';
  return error === 'address_unreachable' || error === 'unknown'
    ? again(error, attempts, once, 0)
    : { state: 'failed', error };
}

const again = (error: string, attempts: number, once: boolean, atLeastMs: number): Outcome =>
  once || attempts >= ATTEMPTS_MAX
    ? { state: 'failed', error }
    : { state: 'waiting', inMs: Math.max(retryDelayMs(attempts), atLeastMs), error };

/** Seconds or a date (RFC 9110); an hour at most, and nothing where it cannot be read. */
function retryAfterMs(header: string | string[] | undefined, now: Date): number {
  const text = typeof header === 'string' ? header.trim() : '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : 0;
}
