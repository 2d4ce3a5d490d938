import type { refusedByWhatsApp } from '../sessions/new-chats.ts';
import { quietUntil } from '../sessions/quiet-hours.ts';
import type { QuietHours, SessionState } from '../sessions/sessions.dto.ts';
import type { WaitingReason } from './messages.dto.ts';
import { MINUTE_MS, type Pace } from './pace.ts';

/** Why what is queued on a number does not leave now, and when it does; null when a person has to act first. */
export type HeldBack = Readonly<{ reason: WaitingReason; until: Date | null }>;

/** What people decided of a number and of its organization that keeps messages back. */
export type Holds = Readonly<{ quietHours: QuietHours | null; suspended: boolean }>;

/**
 * Null when it may leave. Quiet hours hold back everything that is sent from the number, whoever sent it and whatever its
 * priority, also what a connection that broke left in doubt: a person is not to hear the phone at night. So does the suspension
 * of its organization.
 */
export function heldBack(session: Readonly<{ state: SessionState } & Holds>, now: Date): HeldBack | null {
  if (session.suspended) return { reason: 'organization_suspended', until: null };
  if (session.state !== 'connected') return { reason: 'session_offline', until: null };
  const until = quietUntil(now, session.quietHours);
  return until && { reason: 'quiet_hours', until };
}

/** Of one message that waits for its turn: what is known of its chat, its person and its number. */
export type Turn = Readonly<{
  /** Null: it is day where its person is. */
  asleepUntil: Date | null;
  chat: 'established' | 'begun' | 'to be begun';
  /** What WhatsApp lets its number begin. */
  refused: ReturnType<typeof refusedByWhatsApp>;
  /** Chats that its number has begun today, and may; null: as many as it likes. */
  today: Readonly<{ begun: number; allowed: number | null; until: Date }>;
  /** When it looks for its file again, null when that is ready; absent where it has all that it needs. */
  file?: Readonly<{ until: Date | null }> | undefined;
}>;

/** Why a message waits though its number sends; null when it is only not its turn yet. */
export function waitsFor(turn: Turn): HeldBack | null {
  const { asleepUntil, file } = turn;
  if (asleepUntil) return { reason: 'recipient_quiet_hours', until: asleepUntil };
  return waitsForChat(turn) ?? (file ? { reason: 'media_not_ready', until: file.until } : null);
}

function waitsForChat({ chat, refused, today }: Turn): HeldBack | null {
  if (chat === 'established') return null;
  if (refused && (chat === 'to be begun' || refused.reason === 'reach_out_limited')) return refused;
  if (chat === 'to be begun' && today.allowed !== null && today.begun >= today.allowed)
    return { reason: 'new_chat_budget', until: today.until };
  return null;
}

/** Of the gap, at random, so that messages do not leave like clockwork. */
const JITTER_SHARE = 0.5;

/**
 * When the next message may leave, in ms on the clock of `sentAtMs`.
 * @param sentAtMs when the last messages left, ascending; those of more than a minute ago do not matter
 * @param jitter in [0, 1)
 */
export function nextSendAtMs(sentAtMs: readonly number[], pace: Pace, jitter: number): number {
  const last = sentAtMs.at(-1);
  if (last === undefined) return -Infinity;
  const afterGap = last + pace.minGapMs * (1 + jitter * JITTER_SHARE);
  const oldestOfFullMinute = sentAtMs.at(-pace.maxPerMinute);
  return oldestOfFullMinute === undefined ? afterGap : Math.max(afterGap, oldestOfFullMinute + MINUTE_MS);
}

/** What to do with a message that WhatsApp's server refused. */
export type Verdict = Readonly<{ retry: boolean; code: string }>;

/**
 * Codes of acknowledgements with an error. 463: the account may not write to strangers for now; trying again counts as
 * another attempt and makes it worse. 429 and 5xx pass.
 * Source: Baileys' decode-wa-message.js (SERVER_ERROR_CODES), whatsmeow's send.go; read November 2026.
 */
export function verdictOf(error: string): Verdict {
  if (error === '463') return { retry: false, code: 'reach_out_limited' };
  if (error === '404') return { retry: false, code: 'not_on_whatsapp' };
  if (error === '429') return { retry: true, code: 'rate_limited' };
  if (/^5\d\d$/.test(error)) return { retry: true, code: 'whatsapp_unavailable' };
  return { retry: false, code: 'rejected_by_whatsapp' };
}

const BACKOFF_FIRST_MS = 5_000;

/** @param attempts tries so far */
export const retryDelayMs = (attempts: number): number => BACKOFF_FIRST_MS * 4 ** (attempts - 1);
