import { randomBytes, randomInt } from 'node:crypto';
import type { Client } from 'pg';
import { newId } from '../kernel/ids.ts';
import type { GroupRole } from '../modules/sessions/session-groups.ts';
import type { Lease } from '../modules/sessions/session-traffic.ts';
import { aPhoneNumber, aWhatsAppId } from './factories.ts';
import { insert, type Row } from './insert.ts';

const aJid = (): string => `120363${randomInt(1e11, 1e12)}@g.us`;

/** A group that a number of the organization is in, what happened there, and what the number was to do with it. @returns its jid */
export async function aGroup(
  client: Client,
  { organization, session }: Pick<Lease, 'organization' | 'session'>,
  { role = 'admin', jid = aJid(), ...over }: Row & { role?: GroupRole | null; jid?: string } = {},
): Promise<string> {
  const of = { organization_id: organization };
  const group = await insert(client, 'groups', {
    ...of,
    id: newId(),
    jid,
    subject: 'Neighbours',
    size: 1,
    told_at: new Date(),
    ...over,
  });
  const who = { group_id: group.id, phone_number: aPhoneNumber() };
  const at = new Date();
  const us = await insert(client, 'group_participants', { ...of, ...who, id: newId(), role, changed_at: at });
  const number = { group_id: group.id, session_id: session, participant_id: us.id };
  await insert(client, 'group_sessions', { ...of, ...number });
  const key = randomBytes(32);
  await insert(client, 'group_events', { ...of, ...who, id: newId(), type: 'joined', at, size: 1, key });
  await insert(client, 'group_pictures', {
    ...of,
    group_id: group.id,
    state: 'kept',
    image: randomBytes(16),
    updated_at: at,
  });
  await aGroupAction(client, { organization, session }, { group_jid: jid });
  await anAddition(client, { organization, session }, { group_jid: jid });
  return jid;
}

/** What became of a message on the phone of somebody in a group, and of one that has not come yet. */
export async function heardInGroup(
  client: Client,
  { organization, session, message }: Pick<Lease, 'organization' | 'session'> & { message: string },
): Promise<void> {
  const of = { organization_id: organization };
  const { rows } = await client.query<{ id: string }>('select id from group_participants where organization_id = $1', [
    organization,
  ]);
  const said = { participant_id: rows[0]?.id };
  const at = new Date();
  await insert(client, 'message_receipts', { ...of, ...said, message_id: message, delivered_at: at });
  const parked = { session_id: session, whatsapp_message_id: aWhatsAppId(), status: 'delivered', at };
  await insert(client, 'private.parked_group_receipts', { ...of, ...said, ...parked });
}

/** Somebody who is to come into a group when his step comes. */
export async function anAddition(
  client: Client,
  { organization, session }: Pick<Lease, 'organization' | 'session'>,
  over: Row = {},
): Promise<string> {
  const { id } = await insert(client, 'private.group_additions', {
    organization_id: organization,
    id: newId(),
    session_id: session,
    invite: true,
    per_step: 5,
    step_seconds: 180,
    requested_by: 'dana@example.com',
    requested_by_type: 'user',
    ...over,
  });
  const who = { organization_id: organization, addition_id: id, n: 1, phone_number: aPhoneNumber() };
  await insert(client, 'private.group_addition_people', who);
  return id;
}

/** Something that a number has done with a group. */
export async function aGroupAction(
  client: Client,
  { organization, session }: Pick<Lease, 'organization' | 'session'>,
  over: Row = {},
): Promise<string> {
  const { id } = await insert(client, 'private.group_actions', {
    organization_id: organization,
    id: newId(),
    session_id: session,
    kind: 'subject',
    args: JSON.stringify({ subject: 'Friends' }),
    state: 'done',
    result: '{}',
    requested_by: 'dana@example.com',
    requested_by_type: 'user',
    ended_at: new Date(),
    ...over,
  });
  return id;
}
