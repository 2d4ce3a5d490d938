import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Peer } from '../sessions/session-traffic.ts';

/** `$3` its privacy address, `$4` its number. */
const PLACE = `insert into group_sessions (organization_id, group_id, session_id, participant_id, stale_at)
  select private.current_organization(), g.id, $1, p.id, $5
    from unnest($2::uuid[]) as g (id)
    left join group_participants p on p.group_id = g.id and (p.lid = $3 or p.lid is null and p.phone_number = $4)
   order by g.id
  on conflict (organization_id, group_id, session_id) do update
     set participant_id = coalesce(excluded.participant_id, group_sessions.participant_id), 
         stale_at = greatest(group_sessions.stale_at, excluded.stale_at)`;

/**
 * Which of the participants a session is in these groups.
 * @param staleAt when something happened in them that does not say all; null: nothing did
 */
export async function placeSession(
  sql: TenantSql,
  session: string,
  self: Peer,
  { groups, staleAt }: Readonly<{ groups: readonly string[]; staleAt: Date | null }>,
): Promise<void> {
  if (groups.length === 0) return;
  const values = [session, groups, self.lid, self.phone, staleAt];
  await sql.query({ name: 'group_sessions.place', text: PLACE, values });
}
