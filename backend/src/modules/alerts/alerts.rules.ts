import type { SessionReason, SessionState } from '../sessions/sessions.dto.ts';
import type { AlertKind } from './alerts.dto.ts';

type Status = Readonly<{ state: SessionState; reason: SessionReason | null }>;

/** Reasons that a person has to do something about. What passes by itself is none until it is called an error. */
const KINDS: Readonly<Partial<Record<SessionReason, AlertKind>>> = {
  network: 'unreachable',
  server: 'unreachable',
  proxy_unreachable: 'proxy_unreachable',
  proxy_refused: 'proxy_refused',
  logged_out: 'logged_out',
  replaced: 'replaced',
  banned: 'banned',
  outdated: 'outdated',
  passkey_required: 'passkey_required',
  keys_unreadable: 'keys_unreadable',
};

/** What a state raises; null for what heals by itself, and for what a person wanted. */
export const alertOf = ({ state, reason }: Status): AlertKind | null =>
  state === 'error' && reason !== null ? (KINDS[reason] ?? null) : null;

/** A number that is connected has none of these any more: somebody has put it right. The others may come back in a moment. */
export const MENDED_BY_CONNECTING: readonly AlertKind[] = [
  'logged_out',
  'banned',
  'outdated',
  'passkey_required',
  'keys_unreadable',
];

/** Nobody wants the number connected any more: a person disconnected it, switched it off, or unlinked it here. */
export const isWithdrawn = ({ state, reason }: Status): boolean =>
  state === 'disconnected' && (reason === 'stopped' || reason === 'disabled' || reason === 'logged_out');

const MINUTE_MS = 60_000;
const WELL_FACTOR = 5;
const WELL_MAX_MS = 60 * MINUTE_MS;

/**
 * How long a number has to stay connected until it counts as well again: a minute; the more often it fell back, the longer.
 * So a number that flaps for days is one alert, told of a few times.
 */
export const wellAfterMs = (occurrences: number): number =>
  Math.min(MINUTE_MS * WELL_FACTOR ** (occurrences - 1), WELL_MAX_MS);

/** What comes back within this time of its end is the same alert again. */
export const SAME_WITHIN_MS = 60 * MINUTE_MS;
