import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Peer } from '../sessions/session-traffic.ts';

/** `$3` its privacy address, `$4` its number; `$5` null: as stale as before. */
const PLACE = `insert into group_sessions (organization_id, group_id, session_id, participant_id, stale)
  select private.current_organization(), g.id, $1, p.id, coalesce($5, false)
    from unnest($2::uuid[]) as g (id)
    left join group_participants p on p.group_id = g.id and (p.lid = $3 or p.lid is null and p.phone_number = $4)
   order by g.id
  on conflict (organization_id, group_id, session_id) do update
     set participant_id = coalesce(excluded.participant_id, group_sessions.participant_id), stale = coalesce($5, group_sessions.stale)`;

/**
 * Which of the participants a session is in these groups.
 * @param stale true: something happened in them that does not say all; false: all was told just now; null: neither
 */
export async function placeSession(
  sql: TenantSql,
  session: string,
  self: Peer,
  { groups, stale }: Readonly<{ groups: readonly string[]; stale: boolean | null }>,
): Promise<void> {
  if (groups.length === 0) return;
  const values = [session, groups, self.lid, self.phone, stale];
  await sql.query({ name: 'group_sessions.place', text: PLACE, values });
}
