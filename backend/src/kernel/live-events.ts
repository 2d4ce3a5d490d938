import { z } from 'zod';

/**
 * What Socket.IO carries, by event name. The client connects to path `/socket.io` by WebSocket only (`transports:
 * ['websocket']`; long polling would need every request of a client to reach the same node) with
 * `auth: { token, organization_id, cursor? }`; `cursor` is the last one that it saw, and everything since is sent again
 * before anything new. Events of facts carry a `cursor`; `session.qr` and those of progress are no facts and carry none.
 *
 * Who is not let in gets `connect_error` with `data: { code }`. A connection ends with its token (`io server disconnect`,
 * after which a client has to connect by itself), unless it sends `authenticate` with a newer one before.
 */
const fact = { cursor: z.string() };

/** What an alert is about: one of them. */
const subject = { session_id: z.string().nullable(), webhook_endpoint_id: z.string().nullable() };

export const LiveEvents = {
  /** Only for members who may link numbers (`sessions:manage`). */
  'session.qr': z.object({
    session_id: z.string(),
    qr: z.string().nullable(),
    qr_image: z.string().nullable(),
    qr_expires_at: z.iso.datetime().nullable(),
    pairing_code: z.string().nullable(),
  }),
  'session.status': z.object({ ...fact, session_id: z.string(), state: z.string(), reason: z.string().nullable() }),
  'session.updated': z.object({ ...fact, session_id: z.string() }),
  /** At most once a second for each job; what was missed is in the next one, and at `GET /api/jobs/:id`. */
  'job.progress': z.object({
    job_id: z.string(),
    state: z.string(),
    total: z.number().int(),
    counts: z.record(z.string(), z.number().int()),
  }),
  /** As `job.progress`, of a broadcast; and whenever somebody has answered it. */
  'broadcast.progress': z.object({
    broadcast_id: z.string(),
    state: z.string(),
    total: z.number().int(),
    counts: z.record(z.string(), z.number().int()),
    replied: z.number().int(),
  }),
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
  /** What a message says or what stands under it: `change` is `reaction`, `edit`, `delete` or `poll_vote`. */
  'message.updated': z.object({
    ...fact,
    message_id: z.string(),
    conversation_id: z.string(),
    session_id: z.string(),
    change: z.string(),
  }),
  /** What a group is, or who is in it, has changed. */
  'group.updated': z.object({ ...fact, group_id: z.string() }),
  /** Who asks to be let into a group: `GET /api/groups/{jid}/requests` asks WhatsApp who does now. */
  'group.requests': z.object({ ...fact, group_id: z.string(), group_jid: z.string() }),
  /** What a number was to do with a group has ended, as `done` or `failed`; `GET /api/groups/actions/:id` says how. */
  'group.action': z.object({
    ...fact,
    action_id: z.string(),
    session_id: z.string(),
    kind: z.string(),
    state: z.string(),
  }),
  'contact.created': z.object({ ...fact, contact_id: z.string() }),
  'contact.updated': z.object({ ...fact, contact_id: z.string() }),
  /** Two contacts are one, or, `undone`, two again; their conversations with them. */
  'contact.merged': z.object({
    ...fact,
    contact_id: z.string(),
    merged_contact_id: z.string(),
    merge_id: z.string(),
    undone: z.boolean(),
  }),
  'organization.suspended': z.object({ ...fact, organization_id: z.string() }),
  'organization.unsuspended': z.object({ ...fact, organization_id: z.string() }),
  'organization.deletion_requested': z.object({ ...fact, organization_id: z.string() }),
  'organization.restored': z.object({ ...fact, organization_id: z.string() }),
  'conversation.read': z.object({ ...fact, conversation_id: z.string(), session_id: z.string() }),
  /** A number or a webhook endpoint needs a person; `occurrences` above 1: again. */
  'alert.raised': z.object({
    ...fact,
    alert_id: z.string(),
    ...subject,
    kind: z.string(),
    occurrences: z.number().int(),
  }),
  'alert.acknowledged': z.object({ ...fact, alert_id: z.string(), ...subject, kind: z.string() }),
  'alert.resolved': z.object({
    ...fact,
    alert_id: z.string(),
    ...subject,
    kind: z.string(),
    resolution: z.string(),
  }),
  /** What was told at a destination of alerts has arrived, or was given up. */
  'alert_destination.updated': z.object({ ...fact, alert_destination_id: z.string() }),
  /** A webhook endpoint was made, changed or deleted, fails, or takes things again. */
  'webhook_endpoint.updated': z.object({ ...fact, webhook_endpoint_id: z.string() }),
  /** What was to be told at a webhook endpoint was given up. */
  'delivery.failed': z.object({ ...fact, webhook_delivery_id: z.string(), webhook_endpoint_id: z.string() }),
  /** Sent once to a client that offered no cursor: where it is now. What it read before may lack what happened until here. */
  'live.ready': z.object(fact),
  /** The cursor that was offered cannot be resumed from, or too much happened since: read everything again. */
  'live.reset': z.object(fact),
} as const;

export type LiveEventName = keyof typeof LiveEvents;
export type LiveEvent<N extends LiveEventName> = z.infer<(typeof LiveEvents)[N]>;

/** What a client sends as `authenticate`, to stay after its token has run out: a newer one of the same person. */
export const Authenticate = z.object({ token: z.string() });
/** How `authenticate` is acknowledged; when it is refused, the connection goes on until the token that it had runs out. */
export const AuthenticateAnswer = z.union([z.object({ expires_at: z.iso.datetime() }), z.object({ code: z.string() })]);
export type AuthenticateAnswer = z.infer<typeof AuthenticateAnswer>;
