import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Peer } from '../sessions/session-traffic.ts';

/** The row that is known by the number alone goes; a session that it was is the other one. */
const UNITE = `with twice as (
    select n.id as gone, l.id as kept
      from unnest($1::uuid[], $2::text[], $3::text[]) as g (group_id, lid, phone_number)
      join group_participants l on l.group_id = g.group_id and l.lid = g.lid
      join group_participants n on n.group_id = g.group_id and n.phone_number = g.phone_number and n.id <> l.id
  ), moved as (
    update group_sessions s set participant_id = twice.kept from twice where s.participant_id = twice.gone
  )
  delete from group_participants p using twice where p.id = twice.gone`;

/** Two participants of a group that turn out to be one person are one. */
export async function unitePeople(
  sql: TenantSql,
  people: readonly (Peer & Readonly<{ group: string }>)[],
): Promise<void> {
  const both = people.filter(({ phone, lid }) => phone !== null && lid !== null);
  if (both.length === 0) return;
  await sql.query({
    name: 'groups.unite',
    text: UNITE,
    values: [both.map(({ group }) => group), both.map(({ lid }) => lid), both.map(({ phone }) => phone)],
  });
}
