import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { newId, type OrganizationId, type SessionId, type UserId } from '../kernel/ids.ts';
import {
  aConversation,
  anAlert,
  anApiKey,
  anInvitation,
  anOrganization,
  aPhoneNumber,
  aSession,
  aSuperAdmin,
  aUser,
  type Conversation,
} from './factories.ts';
import { aGroup, heardInGroup } from './group-factories.ts';
import { insert, sealed } from './insert.ts';
import { aBroadcast, aJob, anAutomation, anImport, aTemplate, aWebhook } from './sending-factories.ts';

/** An organization at work, with rows in every table of tenants. */
export type Tenant = Readonly<{ organization: OrganizationId; user: UserId; session: SessionId }> & Conversation;

export async function aTenant(client: Client, name = 'Acme'): Promise<Tenant> {
  const user = await aUser(client);
  const organization = await anOrganization(client, name);
  await insert(client, 'memberships', { organization_id: organization, user_id: user, role: 'owner' });
  const session = await aSession(client, organization);
  const conversation = await aConversation(client, { organization, session, user });
  await knownContacts(client, { organization, session, ...conversation });
  await aGroup(client, { organization, session }, { jid: '120363041234567890@g.us' });
  await heardInGroup(client, { organization, session, message: conversation.queued });
  await anAlert(client, { organization, session });
  await aTemplate(client, organization, { header_type: 'image', header_media_id: conversation.media });
  await aJob(client, { organization, session });
  await aBroadcast(client, { organization, session, ...conversation });
  await anImport(client, organization);
  await anAutomation(client, organization);
  await insert(client, 'private.alert_settings', {
    organization_id: organization,
    user_id: user,
    by_mail: true,
    language: 'he',
  });
  await insert(client, 'private.idempotency_keys', {
    organization_id: organization,
    key: newId(),
    body_hash: randomBytes(32),
  });
  await anInvitation(client, organization);
  await anApiKey(client, organization, ['read']);
  await aWebhook(client, organization);
  await records(client, { organization, user, session, name, ...conversation });
  return { organization, user, session, ...conversation };
}

/** What is written down of an organization: that it was to be deleted, whom it mailed, who did what, what happened. */
async function records(
  client: Client,
  { organization, user, session, queued, name }: Tenant & Readonly<{ name: string }>,
): Promise<void> {
  await insert(client, 'private.organization_deletions', {
    organization_id: organization,
    name,
    requested_by: `${user}@example.com`,
    due_at: new Date(),
    ended_at: new Date(),
    completed_at: new Date(),
  });
  await insert(client, 'private.mails', {
    organization_id: organization,
    id: newId(),
    kind: 'invitation',
    recipient: `${user}@example.com`,
    ...sealed(),
    expires_at: new Date(Date.now() + 600_000),
  });
  await insert(client, 'private.audit_logs', {
    organization_id: organization,
    id: newId(),
    actor_type: 'user',
    actor_id: user,
    actor_name: `${user}@example.com`,
    action: 'session.created',
    target_type: 'session',
    target_id: session,
  });
  await insert(client, 'private.facts', {
    organization_id: organization,
    type: 'message.created',
    subject: queued,
    payload: {},
  });
}

/** What an organization knows of people: why, how they are sorted, who was two, and what WhatsApp said of a number. */
async function knownContacts(
  client: Client,
  { organization, session, contact }: Pick<Tenant, 'organization' | 'session' | 'contact'>,
): Promise<void> {
  const of = { organization_id: organization };
  const other = await insert(client, 'contacts', {
    ...of,
    id: newId(),
    phone_number: aPhoneNumber(),
    merged_into: contact,
  });
  const said = { source: 'message', session_id: session };
  await insert(client, 'private.contact_evidence', {
    ...of,
    contact_id: contact,
    phone_number: aPhoneNumber(),
    ...said,
  });
  await insert(client, 'private.contact_merges', {
    ...of,
    id: newId(),
    kept_id: contact,
    merged_id: other.id,
    ...said,
  });
  const [contact_id, other_id] = [contact, other.id].toSorted();
  await insert(client, 'private.contact_separations', { ...of, contact_id, other_id });
  await insert(client, 'private.number_checks', { ...of, phone_number: aPhoneNumber(), canonical: aPhoneNumber() });
  await insert(client, 'private.number_check_requests', { ...of, session_id: session, phone_number: aPhoneNumber() });
  await insert(client, 'contact_days', {
    ...of,
    id: newId(),
    contact_id: contact,
    name: 'birthday',
    key: 'birthday',
    month: 2,
    day: 29,
    year: 1996,
  });
  const tag = await insert(client, 'tags', { ...of, id: newId(), name: 'VIP' });
  await insert(client, 'contact_tags', { ...of, contact_id: contact, tag_id: tag.id });
  const list = await insert(client, 'contact_lists', { ...of, id: newId(), name: 'Newsletter' });
  await insert(client, 'contact_list_members', { ...of, list_id: list.id, contact_id: contact });
}

/** What the embedded issuer, the followers of facts and whoever runs the installation keep, which belongs to no organization. */
export async function systemRows(client: Client): Promise<void> {
  const id = newId();
  const soon = new Date(Date.now() + 60_000);
  await insert(client, 'private.auth_users', { id, name: 'Dana', email: `${id}@example.com` });
  await insert(client, 'private.auth_sessions', { user_id: id, token: newId(), expires_at: soon });
  await insert(client, 'private.auth_accounts', {
    user_id: id,
    account_id: id,
    provider_id: 'credential',
    password: newId(),
  });
  await insert(client, 'private.auth_verifications', { identifier: id, value: newId(), expires_at: soon });
  await insert(client, 'private.auth_jwks', { public_key: '{}', private_key: 'sealed' });
  const operator = await aUser(client);
  await aSuperAdmin(client, operator);
  await insert(client, 'private.operator_audit_logs', {
    id: newId(),
    actor_type: 'system',
    actor_name: 'npm run admin',
    action: 'super_admin.granted',
    target_type: 'user',
    target_id: operator,
    target_name: `${operator}@example.com`,
  });
  await insert(client, 'private.rate_limits', { key: id, used: 1, resets_at: soon });
  await insert(client, 'private.fact_cursors', { name: `webhooks ${id}`, xid: '800', id: 1 });
}
