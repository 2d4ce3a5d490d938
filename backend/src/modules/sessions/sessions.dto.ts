import { z } from 'zod';
import { SessionId } from '../../kernel/ids.ts';
import { Phone } from '../../kernel/phone.ts';

export const SessionState = z.enum(['disconnected', 'connecting', 'qr_pending', 'connected', 'error']);
export type SessionState = z.infer<typeof SessionState>;

/**
 * Why a session is in its state, when it is not simply connected. The screen has a sentence and a cure for each.
 * - `not_linked` never linked yet; `qr_expired` nobody scanned in time; `pairing_failed` the phone refused the link
 * - `logged_out` unlinked on the phone or here; `replaced` another connection took over; `banned` WhatsApp closed the account
 * - `outdated` WhatsApp asks for a newer client; `network` no way through, still trying; `server` WhatsApp is busy, still trying
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
  'stopped',
  'disabled',
  'keys_unreadable',
]);
export type SessionReason = z.infer<typeof SessionReason>;

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
  created_at: z.iso.datetime(),
});
export type SessionView = z.infer<typeof SessionView>;

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
