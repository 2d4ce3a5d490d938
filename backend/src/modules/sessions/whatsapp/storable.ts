import { createHash } from 'node:crypto';

/**
 * What strangers write as Postgres can keep it. It keeps no NUL, and in JSON no half of a character, and one text with such
 * would hold up everything behind it for good; the message as it came stays in its payload.
 */
export const storableText = <T extends string | null | undefined>(text: T): T =>
  (text ? text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD') : text) as T;

/** A message's id, which its sender chooses. One that no index could hold is known by its hash. */
export const storableId = (id: string): string =>
  id.length <= ID_MAX ? storableText(id) : createHash('sha256').update(id).digest('base64url');

/** WhatsApp's own have 32 characters at most. */
const ID_MAX = 200;

/** Seconds since 1970 as WhatsApp writes them; a time that is absent, or none that anybody could mean, is now. */
export function storableTime(seconds: unknown): Date {
  const at = Number(seconds) * 1000;
  return at > 0 && at < YEAR_10000 ? new Date(at) : new Date();
}

/** From here on JavaScript writes years in a way that Postgres does not read. */
const YEAR_10000 = Date.UTC(10_000, 0);

/** Of a change: what its writer's clock says, where that is about what the server says, so that two of one second keep their order. */
export const finerTime = (at: Date, writtenMs: number | null): Date =>
  writtenMs !== null && Math.abs(writtenMs - at.getTime()) < CLOCK_SKEW_MS ? new Date(writtenMs) : at;

const CLOCK_SKEW_MS = 60_000;
