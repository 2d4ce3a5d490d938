import { z } from 'zod';
import { SessionId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { TimeZone } from '../organizations/organizations.dto.ts';
import { ProxyUrl } from './proxy-url.ts';
import { MAX_NEW_CHATS_PER_DAY, MAX_PER_MINUTE, SESSION_COLORS } from './sessions.words.ts';

export const SessionState = z.enum(['disconnected', 'connecting', 'qr_pending', 'connected', 'error']);
export type SessionState = z.infer<typeof SessionState>;

/**
 * Why a session is in its state, when it is not simply connected. The screen has a sentence and a cure for each.
 * - `not_linked` never linked yet; `qr_expired` nobody scanned in time; `pairing_failed` the phone refused the link
 * - `logged_out` unlinked on the phone or here; `replaced` another connection took over; `banned` WhatsApp closed the account
 * - `outdated` WhatsApp asks for a newer client; `network` no way through, still trying; `server` WhatsApp is busy, still trying
 * - `proxy_unreachable` its proxy does not answer, still trying; `proxy_refused` its proxy does not let it through, still trying
 * - `passkey_required` WhatsApp asks for a passkey on the new device, which only its own programs can show
 * - `stopped` a person disconnected it; `disabled` the session is switched off; `keys_unreadable` its keys cannot be decrypted
 */
export const SessionReason = z.enum([
  'not_linked',
  'qr_expired',
  'pairing_failed',
  'logged_out',
  'replaced',
  'banned',
  'outdated',
  'network',
  'server',
  'proxy_unreachable',
  'proxy_refused',
  'passkey_required',
  'stopped',
  'disabled',
  'keys_unreadable',
]);
export type SessionReason = z.infer<typeof SessionReason>;

/** A time of day, as `22:00`. */
const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time as 22:00.');

/** Between these times of day nothing leaves: it is held back and goes when they are over. `to` before `from` is the next day. */
export const QuietHours = z
  .object({ from: LocalTime, to: LocalTime, time_zone: TimeZone })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'Choose an end that is not the beginning.' })
  .meta({ examples: [{ from: '22:00', to: '07:00', time_zone: 'Asia/Jerusalem' }] });
export type QuietHours = z.infer<typeof QuietHours>;

/** Whose night it is that `quiet_hours` are: where the number is, or where each person is whom it writes to. */
export const QuietHoursOf = z.enum(['number', 'recipient']);
export type QuietHoursOf = z.infer<typeof QuietHoursOf>;

/** What tells a number from the others at one look. */
export const SessionColor = z.enum(SESSION_COLORS);
export type SessionColor = z.infer<typeof SessionColor>;

const SessionName = z.string().trim().min(1, 'Give the number a name.').max(60);

/** An absent body is an empty one: the number gets a name, and is linked by its QR code. */
export const CreateSession = z
  .object({
    name: SessionName.optional(),
    /** Ask for a pairing code for this number instead of scanning a QR. */
    phone_number: Phone.optional(),
  })
  .prefault({});
export type CreateSession = z.infer<typeof CreateSession>;

export const UpdateSession = z.object({
  name: SessionName.optional(),
  /** False: the number stays linked but is not connected, until it is switched on again. */
  enabled: z.boolean().optional(),
  /** False: a lost connection is not tried again by itself. */
  auto_reconnect: z.boolean().optional(),
  /** True: sends that name no session leave from here. */
  is_default: z.literal(true).optional(),
  /** True: whoever calls the number is hung up on. */
  reject_calls: z.boolean().optional(),
  /** What a rejected caller is written, at most once an hour; null: nothing. */
  reject_calls_text: z.string().trim().min(1, 'Write an answer, or none.').max(1000).nullable().optional(),
  quiet_hours: QuietHours.nullable().optional(),
  /** The number goes through this proxy, or not at all; null: through none. Never shown again but for its host. */
  proxy_url: ProxyUrl.nullable().optional(),
  color: SessionColor.nullable().optional(),
  /** Most messages that leave in a minute, evenly; null: as many as are safe. */
  max_per_minute: z.number().int().min(1).max(MAX_PER_MINUTE).nullable().optional(),
  /** True: others see the number online while it is connected; false: its phone goes on to ring for every message. */
  mark_online: z.boolean().optional(),
  /** False: who writes is not told that it was read here; the number's own phone still is. */
  read_receipts: z.boolean().optional(),
  /** False: what the phone knows of earlier is left there when the number is linked. */
  import_history: z.boolean().optional(),
  /** Most chats that the number begins in a day of its organization's time zone; null: as many as are safe. */
  new_chats_per_day: z.number().int().min(0).max(MAX_NEW_CHATS_PER_DAY).nullable().optional(),
  quiet_hours_of: QuietHoursOf.optional(),
});
export type UpdateSession = z.infer<typeof UpdateSession>;

/** Nothing needs to be said: an absent body is an empty one. */
export const ConnectSession = z.object({ phone_number: Phone.optional() }).prefault({});
export type ConnectSession = z.infer<typeof ConnectSession>;

/** What a person scans or types to link a number. All null when there is nothing to scan. */
export const SessionLink = z.object({
  /** The text inside the QR code. */
  qr: z.string().nullable(),
  /** The QR code as a `data:image/png;base64,` URL. */
  qr_image: z.string().nullable(),
  /** When WhatsApp takes this QR code back and gives the next. */
  qr_expires_at: z.iso.datetime().nullable(),
  /** Eight characters, to type on the phone. */
  pairing_code: z.string().nullable(),
});
export type SessionLink = z.infer<typeof SessionLink>;

/** One linked WhatsApp number. */
export const SessionView = z.object({
  id: SessionId,
  provider: z.enum(['baileys', 'cloud']),
  name: z.string(),
  /** E.164; null until linked. */
  phone_number: z.string().nullable(),
  /** The account's own WhatsApp name; null until known. */
  push_name: z.string().nullable(),
  state: SessionState,
  reason: SessionReason.nullable(),
  enabled: z.boolean(),
  auto_reconnect: z.boolean(),
  is_default: z.boolean(),
  connected_since: z.iso.datetime().nullable(),
  /** When WhatsApp was last heard on this session. */
  last_seen_at: z.iso.datetime().nullable(),
  /** Failed attempts in a row since it was last connected. */
  attempts: z.number().int(),
  /** Since when it is in its state, for its reason. */
  state_since: z.iso.datetime(),
  reject_calls: z.boolean(),
  reject_calls_text: z.string().nullable(),
  quiet_hours: QuietHours.nullable(),
  /** Scheme, host and port of its proxy. */
  proxy: z.string().nullable(),
  color: SessionColor.nullable(),
  max_per_minute: z.number().int().nullable(),
  mark_online: z.boolean(),
  read_receipts: z.boolean(),
  import_history: z.boolean(),
  new_chats_per_day: z.number().int().nullable(),
  quiet_hours_of: QuietHoursOf,
  /** WhatsApp lets it begin no chat before; null, or a time that has passed: it does. */
  reach_out_until: z.iso.datetime().nullable(),
  /** How many chats WhatsApp lets it begin until `ends_at`, and how many it has begun; null: it does not say. */
  new_chat_quota: z.object({ total: z.number().int(), used: z.number().int(), ends_at: z.iso.datetime() }).nullable(),
  created_at: z.iso.datetime(),
});
export type SessionView = z.infer<typeof SessionView>;

export const SessionPage = pageOf(SessionView);

/** Whether a number does its work, at one look. */
export const SessionHealth = z.object({
  state: SessionState,
  reason: SessionReason.nullable(),
  state_since: z.iso.datetime(),
  /** When WhatsApp was last heard; up to half a minute old. */
  last_seen_at: z.iso.datetime().nullable(),
  /** When the newest message of each direction was sent. */
  last_received_at: z.iso.datetime().nullable(),
  last_sent_at: z.iso.datetime().nullable(),
  /** Messages that WhatsApp has not acknowledged yet. */
  queued: z.number().int(),
  /** Messages that failed and can be sent again. */
  failed: z.number().int(),
  /** Until when quiet hours hold messages back; null outside of them. */
  quiet_until: z.iso.datetime().nullable(),
  /** Today, in the organization's time zone. */
  today: z.object({
    /** How often it came back after its line was lost. */
    reconnects: z.number().int(),
    /** What WhatsApp delivered of people's messages, and what was stored of it; why they differ the statement says. */
    received: z.number().int(),
    stored: z.number().int(),
    /** Chats that the number began: nobody there had written to it, and nothing of it had arrived there. */
    new_chats: z.number().int(),
  }),
  /** How many chats it may begin in a day, and why so many; null: as many as it likes. */
  new_chats_allowed: z
    .object({ per_day: z.number().int(), because: z.enum(['warming_up', 'setting', 'default']) })
    .nullable(),
  /** What last went wrong; its cure is what the reason says. */
  last_error: z.object({ reason: SessionReason, at: z.iso.datetime() }).nullable(),
});
export type SessionHealth = z.infer<typeof SessionHealth>;

/** Most days that one statement can hold. */
export const STATEMENT_DAYS_MAX = 366;

export const StatementQuery = z.object({
  /** How many days back it goes, today included. */
  days: z.coerce.number().int().min(1).max(STATEMENT_DAYS_MAX).default(30),
});
export type StatementQuery = z.infer<typeof StatementQuery>;

/**
 * What became of what people wrote to a number on one day of its organization's time zone, the day being that of its
 * delivery: `received` is `stored` and `waiting` and `set_aside` and `repeated`.
 */
export const StatementDay = z.object({
  /** As `2026-11-21`. */
  day: z.iso.date(),
  /** What WhatsApp delivered, written down before it is told that we have it. */
  received: z.number().int(),
  /** What became a message here. */
  stored: z.number().int(),
  /** What is written down and is no message yet; it becomes one by itself. */
  waiting: z.number().int(),
  /** What the database refuses to take as a message; it is kept, and tried again whenever the number connects. */
  set_aside: z.number().int(),
  /** What its sender's WhatsApp sent again, although it was stored. */
  repeated: z.number().int(),
  /** How often the number came back after its line was lost. */
  reconnects: z.number().int(),
});
export type StatementDay = z.infer<typeof StatementDay>;

/** The daily statement of a number: the newest day first, none left out. */
export const SessionStatement = z.object({ time_zone: z.string(), days: z.array(StatementDay) });
export type SessionStatement = z.infer<typeof SessionStatement>;

/** Answer of creating or connecting: the session, and the QR if WhatsApp gave one within ten seconds. */
export const SessionWithLink = z.object({ session: SessionView, link: SessionLink });
export type SessionWithLink = z.infer<typeof SessionWithLink>;

export const SessionStatusView = SessionView.pick({
  id: true,
  state: true,
  reason: true,
  phone_number: true,
  connected_since: true,
  last_seen_at: true,
  attempts: true,
});
export type SessionStatusView = z.infer<typeof SessionStatusView>;
