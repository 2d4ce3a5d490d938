import { createHash } from 'node:crypto';
import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { PeopleChange } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';

/** What happened to one person in a group. */
export type GroupEvent = Readonly<{
  group: string;
  type: PeopleChange;
  at: Date;
  person: Peer;
  /** Who did it; null where nobody knows. */
  actor: Peer | null;
  /** Nobody told of it: it was seen afterwards. */
  noticed: boolean;
}>;

/** Sizes are those after all of it. */
const COUNT = `update groups o set size = counted.n, updated_at = now()
  from (select g.id, count(p.id)::int as n from unnest($1::uuid[]) as g (id)
          left join group_participants p on p.group_id = g.id and p.role is not null group by g.id) counted
 where o.id = counted.id and o.size <> counted.n`;

const ADD = `insert into group_events (organization_id, group_id, id, type, at, lid, phone_number, actor_lid, actor_phone_number, size, noticed, key)
  select private.current_organization(), e.group_id, e.id, e.type, e.at, e.lid, e.phone_number, e.actor_lid, e.actor_phone_number, o.size, e.noticed, e.key
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::bytea[])
      as e (group_id, id, type, at, lid, phone_number, actor_lid, actor_phone_number, noticed, key)
    join groups o on o.id = e.group_id
  on conflict (organization_id, group_id, key) do nothing`;

const KNOWN = `select encode(key, 'hex') as key from group_events e
   join unnest($1::uuid[], $2::bytea[]) as k (group_id, key) using (group_id, key)`;

/**
 * What was seen afterwards, and is told now: who is there, or is not, since then came or went by what is told. Asked times are up
 * to some seconds older than what they show.
 */
const RECOGNISE = `with told as (
    select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
      with ordinality as t (group_id, type, at, lid, phone_number, actor_lid, actor_phone_number, key, n)
     where type = any ('{added,joined,left,removed}'::text[])
  ), seen as (
    select distinct on (t.n) t.*, e.id from told t
      join group_events e on e.group_id = t.group_id and e.at >= t.at - interval '3 seconds' and e.noticed
       and e.type = case when t.type in ('added', 'joined') then 'joined' else 'left' end
       and (e.lid = t.lid or e.phone_number = t.phone_number)
     where not exists (select from group_events o
                        where o.group_id = t.group_id and o.at > t.at and o.at < e.at and o.id <> e.id
                          and (o.lid = t.lid or o.phone_number = t.phone_number)
                          and o.type = any ('{added,joined,left,removed}'::text[]))
     order by t.n, e.at
  )
  update group_events e
     set type = s.type, at = s.at, actor_lid = s.actor_lid, actor_phone_number = s.actor_phone_number, noticed = false, key = s.key
    from seen s where e.id = s.id
  returning s.n::int as n`;

/** What every number of an organization that is in the group is told alike. */
const keyOf = ({ type, at, person, actor }: GroupEvent): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([type, at.getTime(), person.lid ?? person.phone, actor && (actor.lid ?? actor.phone)]))
    .digest();

/** Those that nobody has told of yet. */
export async function newEvents(sql: TenantSql, events: readonly GroupEvent[]): Promise<GroupEvent[]> {
  if (events.length === 0) return [];
  const keys = events.map(keyOf);
  const { rows } = await sql.query<{ key: string }>({
    name: 'group_events.known',
    text: KNOWN,
    values: [events.map(({ group }) => group), keys],
  });
  const known = new Set(rows.map(({ key }) => key));
  return events.filter((_, n) => !known.has(keys[n]?.toString('hex') ?? ''));
}

/** @returns those that are to be added: nobody has noticed what they tell of */
export async function recognise(sql: TenantSql, events: readonly GroupEvent[]): Promise<GroupEvent[]> {
  if (events.length === 0) return [];
  const { rows } = await sql.query<{ n: number }>({
    name: 'group_events.recognise',
    text: RECOGNISE,
    values: [
      events.map(({ group }) => group),
      events.map(({ type }) => type),
      events.map(({ at }) => at),
      events.map(({ person }) => person.lid),
      events.map(({ person }) => person.phone),
      events.map(({ actor }) => actor?.lid ?? null),
      events.map(({ actor }) => actor?.phone ?? null),
      events.map(keyOf),
    ],
  });
  const recognised = new Set(rows.map(({ n }) => n - 1));
  return events.filter((_, n) => !recognised.has(n));
}

/** Counts these groups anew and writes down what happened in them. @param groups their ids; they are locked */
export async function addEvents(
  sql: TenantSql,
  events: readonly GroupEvent[],
  groups: readonly string[],
): Promise<void> {
  await sql.query({ name: 'groups.count', text: COUNT, values: [groups] });
  if (events.length === 0) return;
  await sql.query({
    name: 'group_events.add',
    text: ADD,
    values: [
      events.map(({ group }) => group),
      events.map(() => newId()),
      events.map(({ type }) => type),
      events.map(({ at }) => at),
      events.map(({ person }) => person.lid),
      events.map(({ person }) => person.phone),
      events.map(({ actor }) => actor?.lid ?? null),
      events.map(({ actor }) => actor?.phone ?? null),
      events.map(({ noticed }) => noticed),
      events.map(keyOf),
    ],
  });
}
