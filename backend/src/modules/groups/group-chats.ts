import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import { placeSession } from './group-places.ts';
import { type GroupRecord, lockGroups } from './group-records.ts';
import { assertMay, standingOf } from './group-standing.ts';

/** Somebody who wrote in a group, or whose device says what became of what we wrote there. */
export type GroupWriter = Readonly<{ groupJid: string; peer: Peer; pushName?: string | null }>;

/** The conversation that a group is on a session. */
export type GroupPlace = Readonly<{
  conversation: string;
  participant: string;
  /** How many are in the group besides us. */
  others: number;
}>;

/** Who is new is in no role until WhatsApp says which he has. The groups are locked. */
const PEOPLE = `with given as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[]) with ordinality
      as g (group_id, lid, phone_number, push_name, new_id, n)
  ), known as materialized (
    select g.*, coalesce(l.id, p.id) as id
      from given g
      left join group_participants l on l.group_id = g.group_id and l.lid = g.lid
      left join group_participants p on p.group_id = g.group_id and p.phone_number = g.phone_number
  ), named as (
    update group_participants p set push_name = k.push_name from known k
     where p.id = k.id and k.push_name is not null and p.push_name is distinct from k.push_name
  ), came as (
    insert into group_participants (organization_id, group_id, id, lid, phone_number, push_name, changed_at)
    select private.current_organization(), group_id, new_id, lid, phone_number, push_name, '-infinity' from known where id is null
  )
  select coalesce(id, new_id) as id from known order by n`;

/** A group is never a new chat: WhatsApp counts only those that we begin with people. */
const OPEN = `with opened as (
    insert into conversations (organization_id, id, session_id, group_id, established)
    select private.current_organization(), c.id, $1, c.group_id, true from unnest($2::uuid[], $3::uuid[]) as c (id, group_id)
    on conflict (organization_id, session_id, group_id) where group_id is not null do nothing
    returning id, group_id
  )
  select id, group_id from opened
  union all select id, group_id from conversations where session_id = $1 and group_id = any ($3)`;

/**
 * Who these are in their groups, in their order; who is not known there yet is from now on. Locks the groups.
 * @returns ids of `group_participants`, with the groups
 */
export async function writersIn(
  sql: TenantSql,
  writers: readonly GroupWriter[],
): Promise<{ groups: Map<string, GroupRecord>; participants: string[] }> {
  const groups = await lockGroups(
    sql,
    writers.map(({ groupJid }) => groupJid),
  );
  const keyOf = ({ groupJid, peer }: GroupWriter) => `${groupJid} ${peer.lid ?? peer.phone}`;
  const distinct = new Map<string, GroupWriter>();
  for (const one of writers) distinct.set(keyOf(one), { ...distinct.get(keyOf(one)), ...one });
  const people = [...distinct.values()];
  const { rows } = await sql.query<{ id: string }>({
    name: 'groups.writers',
    text: PEOPLE,
    values: [
      people.map(({ groupJid }) => groups.get(groupJid)?.id),
      people.map(({ peer }) => peer.lid),
      people.map(({ peer }) => peer.phone),
      people.map(({ pushName }) => pushName ?? null),
      people.map(() => newId()),
    ],
  });
  const idOf = new Map([...distinct.keys()].map((key, n) => [key, rows[n]?.id ?? '']));
  return { groups, participants: writers.map((one) => idOf.get(keyOf(one)) ?? '') };
}

/**
 * Where messages of groups lie on a session, in their order; conversations that are missing are made. A group of which nobody
 * has said anything yet is to be asked for.
 */
export async function groupPlaces(
  sql: TenantSql,
  session: string,
  messages: readonly (GroupWriter & Readonly<{ sentAt: Date }>)[],
): Promise<GroupPlace[]> {
  const { groups, participants } = await writersIn(sql, messages);
  const conversations = await openConversations(
    sql,
    session,
    [...groups.values()].map(({ id }) => id),
  );
  const open = messages.filter(({ groupJid }) => groups.get(groupJid)?.told === false);
  if (open.length > 0) {
    const ids = new Set(open.flatMap(({ groupJid }) => groups.get(groupJid)?.id ?? []));
    const staleAt = new Date(Math.max(...open.map(({ sentAt }) => sentAt.getTime())));
    await placeSession(sql, session, { phone: null, lid: null }, { groups: [...ids], staleAt });
  }
  return messages.map(({ groupJid }, n) => {
    const group = groups.get(groupJid);
    return {
      conversation: conversations.get(group?.id ?? '') ?? '',
      participant: participants[n] ?? '',
      others: Math.max(0, (group?.size ?? 0) - 1),
    };
  });
}

/**
 * The conversation that a group is on a session; made when there is none.
 * @throws GroupNotFound | NotInGroup | GroupAdminRequired | GroupIsCommunity
 */
export async function conversationInGroup(sql: TenantSql, session: string, jid: string): Promise<string> {
  const group = await standingOf(sql, jid, session);
  assertMay('write', group);
  return (await openConversations(sql, session, [group.id])).get(group.id) ?? '';
}

/** @returns the conversations of groups on a session, by the ids of the groups */
export async function openConversations(
  sql: TenantSql,
  session: string,
  groups: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ id: string; group_id: string }>({
    name: 'groups.open_conversations',
    text: OPEN,
    values: [session, groups.map(() => newId()), groups],
  });
  return new Map(rows.map((row) => [row.group_id, row.id]));
}
