import { z } from 'zod';

/**
 * What Socket.IO carries, by event name. The client connects to path `/socket.io` with
 * `auth: { token, organization_id, cursor? }`; `cursor` is the last one that it saw, and everything since is sent again
 * before anything new. Events of facts carry a `cursor`; `session.qr` is no fact and carries none.
 */
const fact = { cursor: z.string() };

export const LiveEvents = {
  'session.qr': z.object({
    session_id: z.string(),
    qr: z.string().nullable(),
    qr_image: z.string().nullable(),
    qr_expires_at: z.iso.datetime().nullable(),
    pairing_code: z.string().nullable(),
  }),
  'session.status': z.object({ ...fact, session_id: z.string(), state: z.string(), reason: z.string().nullable() }),
  'message.created': z.object({
    ...fact,
    message_id: z.string(),
    conversation_id: z.string(),
    session_id: z.string(),
    direction: z.string(),
  }),
  'message.status': z.object({
    ...fact,
    message_id: z.string(),
    conversation_id: z.string(),
    session_id: z.string(),
    status: z.string(),
  }),
  'conversation.read': z.object({ ...fact, conversation_id: z.string(), session_id: z.string() }),
  /** Sent once to a client that offered no cursor: where it is now. */
  'live.ready': z.object(fact),
  /** The cursor that was offered is too old to resume from: read everything again. */
  'live.reset': z.object(fact),
} as const;

export type LiveEventName = keyof typeof LiveEvents;
export type LiveEvent<N extends LiveEventName> = z.infer<(typeof LiveEvents)[N]>;
