import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Client } from 'pg';
import { hashSecretToken, newSecretToken } from '../platform/encryption/secret-token.ts';
import { API_KEY_PREFIX } from '../modules/auth/api-key-verifier.ts';
import type { Role, Scope } from '../modules/auth/permissions.ts';
import type { IncomingMessage, Lease } from '../modules/sessions/session-traffic.ts';
import { MessageId, newId, OrganizationId, SessionId, UserId } from '../kernel/ids.ts';
import { insert, type Row, sealed } from './insert.ts';

export const aPhoneNumber = (): string => `+9725${randomInt(10_000_000, 99_999_999)}`;
export const aWhatsAppId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

export async function aUser(client: Client, name = 'Dana'): Promise<UserId> {
  const id = UserId.parse(newId());
  await insert(client, 'users', { id, email: `${id}@example.com`, name });
  return id;
}

export async function anOrganization(client: Client, name = 'Acme'): Promise<OrganizationId> {
  const id = OrganizationId.parse(newId());
  await insert(client, 'organizations', { id, name, country: 'IL', language: 'he', time_zone: 'Asia/Jerusalem' });
  return id;
}

/** Makes somebody who has been here before a member. */
export async function aMembership(client: Client, organization: string | undefined, email: string, role: Role) {
  await client.query(
    'insert into memberships (organization_id, user_id, role) select $1, id, $3 from users where email = $2',
    [organization, email, role],
  );
}

/** An invitation that stands for a minute. */
export async function anInvitation(
  client: Client,
  organization: OrganizationId,
  email = `${newId()}@example.com`,
): Promise<{ id: string; token: string }> {
  const token = newSecretToken('wsi_');
  const { id } = await insert(client, 'private.invitations', {
    organization_id: organization,
    id: newId(),
    email,
    role: 'agent',
    token_hash: hashSecretToken(token),
    invited_by: 'dana@example.com',
    expires_at: new Date(Date.now() + 60_000),
  });
  return { id, token };
}

/** A key of an organization's program. */
export async function anApiKey(
  client: Client,
  organization: OrganizationId,
  scopes: readonly Scope[],
  over: Row = {},
): Promise<{ id: string; token: string }> {
  const token = newSecretToken(API_KEY_PREFIX);
  const { id } = await insert(client, 'private.api_keys', {
    organization_id: organization,
    id: newId(),
    name: 'Shop',
    scopes,
    hash: hashSecretToken(token),
    hint: token.slice(-4),
    created_by: 'dana@example.com',
    ...over,
  });
  return { id, token };
}

/** That of every session's lease. */
const EPOCH = 3n;

/** A linked number with everything that stands beside it: its lease, its keys, and what it received and has not stored yet. */
export async function aSession(client: Client, organization: OrganizationId, over: Row = {}): Promise<SessionId> {
  const id = SessionId.parse(newId());
  const of = { organization_id: organization, session_id: id };
  await insert(client, 'sessions', {
    organization_id: organization,
    id,
    name: 'Front desk',
    phone_number: aPhoneNumber(),
    state: 'connected',
    reason: null,
    intent: 'connect',
    ...over,
  });
  await insert(client, 'private.session_leases', { ...of, owner_node: newId(), epoch: EPOCH });
  await insert(client, 'session_days', { ...of, day: '2026-11-20', received: 7, stored: 7 });
  await insert(client, 'private.session_proxies', { ...of, ...sealed() });
  await insert(client, 'private.session_links', { ...of, pairing_code: 'ABCD1234' });
  await insert(client, 'private.session_keys', { ...of, type: 'creds', id: '', ...sealed() });
  await insert(client, 'private.session_inbox', { ...of, id: aWhatsAppId(), kind: 'message', ...sealed() });
  await insert(client, 'private.parked_receipts', {
    ...of,
    whatsapp_message_id: aWhatsAppId(),
    status: 'delivered',
    at: new Date(),
  });
  return id;
}

/** What the owner of a session writes with; as of one that has lost it, with an `epoch` of before. */
export const leaseOf = ({ organization, session }: Pick<Lease, 'organization' | 'session'>, epoch = EPOCH): Lease => ({
  organization,
  session,
  epoch,
});

/** A text that WhatsApp delivers, of which nothing is stored yet. */
export const anIncomingMessage = (over: Partial<IncomingMessage> = {}): IncomingMessage => ({
  inboxId: '',
  whatsappMessageId: aWhatsAppId(),
  groupJid: null,
  peer: { phone: aPhoneNumber(), lid: null },
  fromMe: false,
  pushName: null,
  sentAt: new Date(),
  isHistory: false,
  type: 'text',
  text: 'Are you open?',
  content: null,
  replyTo: null,
  target: null,
  hasFile: false,
  payload: randomBytes(10),
  ...over,
});

/** An alert of a number that nobody has acknowledged, and where it is to be told. */
export async function anAlert(
  client: Client,
  { organization, session }: Pick<Lease, 'organization' | 'session'>,
  over: Row = {},
): Promise<{ id: string; destination: string }> {
  const own = () => ({ organization_id: organization, id: newId() });
  const alert = await insert(client, 'alerts', { ...own(), session_id: session, kind: 'logged_out', ...over });
  const destination = await insert(client, 'private.alert_destinations', {
    ...own(),
    name: 'On call',
    format: 'slack',
    host: 'hooks.slack.com',
    ...sealed(),
    created_by: 'dana@example.com',
  });
  await insert(client, 'private.alert_deliveries', {
    ...own(),
    destination_id: destination.id,
    alert_id: alert.id,
    text: 'It was unlinked on the phone.',
    state: 'sent',
    settled_at: new Date(),
  });
  return { id: alert.id, destination: destination.id };
}

export type Conversation = Readonly<{ contact: string; conversation: string; media: string; queued: string }>;

/** What there may be about a message and its file. */
async function besidePhoto(
  client: Client,
  { organization, session, conversation }: { organization: string; session: string; conversation: string },
  { id, whatsapp_message_id }: Row,
): Promise<void> {
  const beside = { organization_id: organization, message_id: id };
  await insert(client, 'message_reactions', { ...beside, author: 'self', emoji: '👍', reacted_at: new Date() });
  await insert(client, 'poll_votes', { ...beside, author: 'peer', options: [0], voted_at: new Date() });
  await insert(client, 'message_versions', {
    ...beside,
    whatsapp_message_id: aWhatsAppId(),
    text: 'Ugly!',
    written_at: new Date(),
  });
  await insert(client, 'private.reads', {
    organization_id: organization,
    session_id: session,
    conversation_id: conversation,
    whatsapp_message_id,
  });
  await insert(client, 'private.media_requests', { ...beside, session_id: session });
  await insert(client, 'private.unsettled_objects', {
    organization_id: organization,
    storage_key: `${organization}/00/${randomBytes(32).toString('hex')}`,
  });
}

/** A chat: a photo that came in and was read, and an answer that waits to leave. */
export async function aConversation(
  client: Client,
  { organization, session, user }: Pick<Lease, 'organization' | 'session'> & Readonly<{ user: string }>,
): Promise<Conversation> {
  const own = () => ({ organization_id: organization, id: newId() });
  const contact = await insert(client, 'contacts', {
    ...own(),
    phone_number: aPhoneNumber(),
    lid: String(randomInt(1e12)),
    push_name: 'Omar',
  });
  const conversation = await insert(client, 'conversations', { ...own(), session_id: session, contact_id: contact.id });
  const photo = randomBytes(32);
  const media = await insert(client, 'media', {
    ...own(),
    sha256: createHash('sha256').update(photo).digest(),
    mime_type: 'image/jpeg',
    size_bytes: photo.length,
    storage_key: newId(),
  });
  const message = { session_id: session, conversation_id: conversation.id };
  const photoMessage = await insert(client, 'messages', {
    ...own(),
    ...message,
    direction: 'inbound',
    type: 'image',
    media_id: media.id,
    media_state: 'stored',
    status: 'received',
    whatsapp_message_id: aWhatsAppId(),
  });
  const queued = await insert(client, 'messages', {
    ...own(),
    ...message,
    direction: 'outbound',
    type: 'text',
    text: 'Beautiful! We will be there at nine.',
    payload: randomBytes(40),
    status: 'queued',
    whatsapp_message_id: aWhatsAppId(),
    sent_by_user_id: user,
  });
  await besidePhoto(client, { organization, session, conversation: conversation.id }, photoMessage);
  await aWaitingTry(client, { organization_id: organization, session_id: session, message_id: queued.id });
  return { contact: contact.id, conversation: conversation.id, media: media.id, queued: queued.id };
}

/** In the queue, after a try that was refused, for somebody had it sent again. */
async function aWaitingTry(client: Client, of: Row): Promise<void> {
  const { organization_id, message_id } = of;
  await insert(client, 'private.outbox', of);
  await insert(client, 'message_attempts', { organization_id, message_id, number: 1, error_code: 'rate_limited' });
  await insert(client, 'message_retries', { organization_id, message_id, number: 1, failed_at: new Date() });
}

export type QueuedMessage = Readonly<{ id: MessageId; whatsappMessageId: string }>;

/** A text that was accepted, and that no node has claimed. */
export async function aQueuedMessage(
  client: Client,
  { organization, session, conversation }: Pick<Lease, 'organization' | 'session'> & Pick<Conversation, 'conversation'>,
  whatsappMessageId = aWhatsAppId(),
): Promise<QueuedMessage> {
  const of = { organization_id: organization, session_id: session };
  const id = MessageId.parse(newId());
  await insert(client, 'messages', {
    ...of,
    id,
    conversation_id: conversation,
    direction: 'outbound',
    type: 'text',
    text: 'See you at nine.',
    status: 'queued',
    whatsapp_message_id: whatsappMessageId,
  });
  await insert(client, 'private.outbox', { ...of, message_id: id, conversation_id: conversation });
  return { id, whatsappMessageId };
}

/** Somebody who is known by a number. */
export const aContact = (client: Client, organization: OrganizationId, over: Row = {}) =>
  insert(client, 'contacts', { organization_id: organization, id: newId(), phone_number: aPhoneNumber(), ...over });

/** Two contacts that were merged. @returns the merge */
export async function aMerge(client: Client, organization: OrganizationId): Promise<string> {
  const kept = await aContact(client, organization);
  const merged = await aContact(client, organization, { merged_into: kept.id });
  const ids = { kept_id: kept.id, merged_id: merged.id };
  return (
    await insert(client, 'private.contact_merges', {
      organization_id: organization,
      id: newId(),
      ...ids,
      source: 'message',
    })
  ).id;
}

/** Stops an organization, so that nothing of it leaves. */
export async function aSuspension(
  client: Client,
  organization: OrganizationId,
  reason = 'Unpaid since June.',
): Promise<void> {
  await insert(client, 'private.organization_suspensions', { organization_id: organization, reason });
}

/** Has somebody run this installation. */
export async function aSuperAdmin(client: Client, user: string): Promise<void> {
  await insert(client, 'private.super_admins', { user_id: user });
}
