import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { GroupChange, GroupRole, PeopleChange } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import { noteMade } from './group-actions.repository.ts';
import { addEvents, type GroupEvent, newEvents, recognise } from './group-events.ts';
import { renumber, unitePeople } from './group-people.ts';
import { pictureChanged } from './group-pictures.repository.ts';
import { placeSession } from './group-places.ts';
import { changeGroup, endGroup, type GroupRecord, lockGroups } from './group-records.ts';
import { applySnapshots } from './group-snapshots.ts';

/** What somebody is after it happened to him; null: not in it any more. */
const ROLE_AFTER: Readonly<Record<Exclude<PeopleChange, 'changed_number'>, GroupRole | null>> = {
  added: 'member',
  joined: 'member',
  left: null,
  removed: null,
  promoted: 'admin',
  demoted: 'member',
};

/** `$2` who, `$3`; `$4` the role then, `$5` when, `$6` ids for those who are new. What is newer stays. */
const MOVE = `with given as (
    select * from unnest($2::text[], $3::text[], $6::uuid[]) as g (lid, phone_number, new_id)
  ), known as materialized (
    select g.*, coalesce(l.id, n.id) as id
      from given g
      left join group_participants l on l.group_id = $1 and l.lid = g.lid
      left join group_participants n on n.group_id = $1 and n.phone_number = g.phone_number
  ), moved as (
    update group_participants p
       set lid = coalesce(k.lid, p.lid), phone_number = coalesce(k.phone_number, p.phone_number), role = $4, changed_at = $5,
           joined_at = case when p.role is null and $4::text is not null then $5 else p.joined_at end
      from known k where p.id = k.id and p.changed_at <= $5
  )
  insert into group_participants (organization_id, group_id, id, lid, phone_number, role, joined_at, changed_at)
  select private.current_organization(), $1, new_id, lid, phone_number, $4, $5, $5 from known where id is null`;

/**
 * Applies what WhatsApp notified a session of, in its order. What another number of the organization has told already is not
 * done twice.
 * @returns the ids of all groups that it is about, those in which others wait to be let in than before, and whether something is
 * to be asked for
 */
export async function applyChanges(
  sql: TenantSql,
  { session, self }: Readonly<{ session: string; self: Peer }>,
  changes: readonly GroupChange[],
): Promise<{ groups: string[]; requests: { id: string; jid: string }[]; unclear: boolean }> {
  const groups = await lockGroups(
    sql,
    changes.map(({ jid }) => jid),
  );
  const unclear = new Map<string, Date>();
  for (const change of changes) {
    const group = groups.get(change.jid);
    if (!group) continue;
    if (!(await applyOne(sql, { session, self, group }, change)))
      unclear.set(group.id, latest(unclear.get(group.id), change.at));
  }
  const ids = [...groups.values()].map(({ id }) => id);
  await placeSession(sql, session, self, { groups: ids.filter((id) => !unclear.has(id)), staleAt: null });
  const staleAt = [...unclear.values()].reduce<Date | undefined>(latest, undefined) ?? null;
  await placeSession(sql, session, self, { groups: [...unclear.keys()], staleAt });
  const waiting = new Set(changes.flatMap(({ jid, what }) => (what.type === 'requests' ? [jid] : [])));
  const requests = [...groups].flatMap(([jid, { id }]) => (waiting.has(jid) ? [{ id, jid }] : []));
  return { groups: ids, requests, unclear: unclear.size > 0 };
}

const latest = (a: Date | undefined, b: Date): Date => (a && a > b ? a : b);

/** @returns false when it leaves something open */
async function applyOne(
  sql: TenantSql,
  { session, self, group }: Readonly<{ session: string; self: Peer; group: GroupRecord }>,
  { what, at, actor }: GroupChange,
): Promise<boolean> {
  if (what.type === 'unclear') return false;
  if (what.type === 'requests') return group.told; // nothing of it is kept
  if (what.type === 'created') {
    await applySnapshots(sql, { session, self }, { snapshots: [what.snapshot], at, all: null });
    if (what.key !== null) await noteMade(sql, what.key, what.snapshot.jid);
    return true;
  }
  if (what.type === 'changed') await changeGroup(sql, group.id, what.facts, at);
  else if (what.type === 'ended') await endGroup(sql, group.id, { at, reason: what.reason });
  else if (what.type === 'picture') await pictureChanged(sql, group.id, { at, id: what.id });
  else {
    const { type, people } = what;
    const events = people.map((person): GroupEvent => ({ group: group.id, type, at, person, actor, noticed: false }));
    const news = await newEvents(sql, events);
    const those = news.map(({ person }) => person);
    if (type === 'changed_number') {
      if (actor) for (const from of those) await renumber(sql, group.id, { from, to: actor, at });
    } else if (those.length > 0) await move(sql, group.id, those, { role: ROLE_AFTER[type], at });
    await addEvents(sql, await recognise(sql, news), [group.id]);
  }
  return group.told;
}

async function move(
  sql: TenantSql,
  group: string,
  people: readonly Peer[],
  { role, at }: Readonly<{ role: GroupRole | null; at: Date }>,
): Promise<void> {
  const [lids, phones] = [people.map(({ lid }) => lid), people.map(({ phone }) => phone)];
  await unitePeople(
    sql,
    people.map((person) => ({ ...person, group })),
  );
  await sql.query({
    name: 'groups.move',
    text: MOVE,
    values: [group, lids, phones, role, at, people.map(() => newId())],
  });
}
