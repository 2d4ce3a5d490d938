import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { GroupTraffic } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import { addEvents, type GroupEvent } from './group-events.ts';
import { unitePeople } from './group-people.ts';
import { placeSession } from './group-places.ts';
import { lockGroups, tellGroups } from './group-records.ts';

/** People as rows of `given`: of which group, under which addresses, in which role, and the id that a new one gets. */
const GIVEN = `given as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[]) as g (group_id, lid, phone_number, role, new_id)
  )`;

/**
 * Everybody is there in his role, and nobody else is, but where something newer was told. `$6` when this was so; `$7` the groups.
 * @returns those who came or went
 */
const APPLY = `with ${GIVEN}, known as materialized (
    select g.*, coalesce(l.id, n.id) as id, coalesce(l.role, n.role) as was
      from given g
      left join group_participants l on l.group_id = g.group_id and l.lid = g.lid
      left join group_participants n on n.group_id = g.group_id and n.phone_number = g.phone_number
  ), stayed as (
    update group_participants p
       set lid = coalesce(k.lid, p.lid), phone_number = coalesce(k.phone_number, p.phone_number), role = k.role,
           joined_at = case when k.was is null then $6 else p.joined_at end, changed_at = $6
      from known k where p.id = k.id and p.changed_at <= $6
    returning p.group_id, p.id, p.lid, p.phone_number
  ), came as (
    insert into group_participants (organization_id, group_id, id, lid, phone_number, role, joined_at, changed_at)
    select private.current_organization(), group_id, new_id, lid, phone_number, role, $6, $6 from known where id is null
    returning group_id, id, lid, phone_number
  ), gone as (
    update group_participants p set role = null, changed_at = $6
     where p.group_id = any ($7::uuid[]) and p.role is not null and p.changed_at <= $6
       and not exists (select from known k where k.id = p.id)
    returning p.group_id, p.id, p.lid, p.phone_number
  )
  select 'joined' as type, came.* from came
  union all select 'joined', s.* from stayed s join known k on k.id = s.id where k.was is null
  union all select 'left', gone.* from gone`;

/** Who was in a group when we first heard of it joined at a time that nobody knows. */
const FORGET_TIMES = `update group_participants set joined_at = null where group_id = any ($1::uuid[])`;

/** The session is in these of its groups no more. @param which of `groups g`, as SQL with `$2` */
const notIn = (which: string) => `with gone as (
    update group_participants p set role = null, changed_at = $3
      from group_sessions s join groups g on g.id = s.group_id
     where s.session_id = $1 and ${which} and p.id = s.participant_id and p.role is not null and p.changed_at <= $3
    returning p.group_id, p.id, p.lid, p.phone_number
  )
  select 'left' as type, gone.* from gone`;

/** What happened until then is told, whichever number asked; what came about later is asked for still. */
const ASK_NO_MORE = `update group_sessions set stale_at = null where group_id = any ($1::uuid[]) and stale_at <= $2`;

const NOT_THERE = `update group_sessions s set stale_at = null from groups g
  where g.id = s.group_id and s.session_id = $1 and g.jid = $2 and s.stale_at <= $3`;

const KNOW_ALL = 'update sessions set groups_told_as = $2 where id = $1';

type CameOrWent = { type: 'joined' | 'left'; group_id: string; lid: string | null; phone_number: string | null };
export type Told = Parameters<GroupTraffic['groupsTold']>[2];
type Whose = Readonly<{ session: string; self: Peer }>;

/**
 * What WhatsApp says of groups at one moment is what they are, however that came about: who came or went unseen is noted as
 * noticed. A constant number of statements, however many groups.
 * @returns the ids of all groups that it is about
 */
export async function applySnapshots(
  sql: TenantSql,
  { session, self }: Whose,
  { snapshots, at, all }: Told,
): Promise<string[]> {
  const groups = await lockGroups(
    sql,
    snapshots.map(({ jid }) => jid),
  );
  await tellGroups(sql, groups, snapshots, at);
  const ids = [...groups.values()].map(({ id }) => id);
  const rows = snapshots.flatMap(({ jid, participants }) =>
    distinct(participants).map((one) => ({ ...one, group: groups.get(jid)?.id ?? '' })),
  );
  const given = [
    rows.map(({ group }) => group),
    rows.map(({ lid }) => lid),
    rows.map(({ phone }) => phone),
    rows.map(({ role }) => role),
    rows.map(() => newId()),
  ];
  await unitePeople(sql, rows);
  const moved = await sql.query<CameOrWent>({ name: 'groups.apply', text: APPLY, values: [...given, at, ids] });
  const news = new Set([...groups.values()].filter(({ told }) => !told).map(({ id }) => id));
  if (news.size > 0) await sql.query(FORGET_TIMES, [[...news]]);
  const left = all ? (await sql.query<CameOrWent>(notIn('g.jid <> all ($2::text[])'), [session, all, at])).rows : [];
  if (all) await sql.query(KNOW_ALL, [session, self.lid ?? self.phone]);
  const seen = [...moved.rows.filter(({ group_id: group }) => !news.has(group)), ...left];
  const events = seen.map((row) => noticed(row, at));
  const touched = [...new Set([...ids, ...left.map((row) => row.group_id)])];
  await addEvents(sql, events, touched);
  await placeSession(sql, session, self, { groups: ids, staleAt: null });
  await sql.query({ name: 'groups.ask-no-more', text: ASK_NO_MORE, values: [ids, at] });
  return touched;
}

/** A session is in a group no more, however that came about. @returns the ids of the groups that it is about */
export async function leaveUnseen(
  sql: TenantSql,
  { session }: Pick<Whose, 'session'>,
  { jid, at }: Readonly<{ jid: string; at: Date }>,
): Promise<string[]> {
  await lockGroups(sql, [jid]);
  const { rows } = await sql.query<CameOrWent>(notIn('g.jid = $2'), [session, jid, at]);
  await sql.query(NOT_THERE, [session, jid, at]);
  const groups = rows.map((row) => row.group_id);
  await addEvents(
    sql,
    rows.map((row) => noticed(row, at)),
    groups,
  );
  return groups;
}

const noticed = (row: CameOrWent, at: Date): GroupEvent => ({
  group: row.group_id,
  type: row.type,
  at,
  person: { phone: row.phone_number, lid: row.lid },
  actor: null,
  noticed: true,
});

/** WhatsApp may name somebody twice; a row holds him once. */
function distinct<T extends Peer>(people: readonly T[]): T[] {
  const seen = new Set<string>();
  return people.filter(({ phone, lid }) => {
    const names = [lid, phone].filter((name): name is string => name !== null);
    if (names.length === 0 || names.some((name) => seen.has(name))) return false;
    for (const name of names) seen.add(name);
    return true;
  });
}
