import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Peer } from '../sessions/session-traffic.ts';

const TWICE = `select distinct n.id as gone, l.id as kept
  from unnest($1::uuid[], $2::text[], $3::text[]) as g (group_id, lid, phone_number)
  join group_participants l on l.group_id = g.group_id and l.lid = g.lid
  join group_participants n on n.group_id = g.group_id and n.phone_number = g.phone_number and n.id <> l.id`;

const AS = 'from unnest($1::uuid[], $2::uuid[]) as twice (gone, kept)';

/** Everything that names the one names the other; what both said of one message is what each said first. */
const MOVE = [
  `update group_sessions s set participant_id = twice.kept ${AS} where s.participant_id = twice.gone`,
  `update group_participants p set push_name = coalesce(p.push_name, g.push_name) ${AS} join group_participants g on g.id = twice.gone
    where p.id = twice.kept`,
  `insert into message_receipts (organization_id, message_id, participant_id, delivered_at, read_at, played_at)
   select r.organization_id, r.message_id, twice.kept, r.delivered_at, r.read_at, r.played_at ${AS}
     join message_receipts r on r.participant_id = twice.gone
   on conflict (organization_id, message_id, participant_id) do update
      set delivered_at = least(message_receipts.delivered_at, excluded.delivered_at),
          read_at = least(message_receipts.read_at, excluded.read_at), played_at = least(message_receipts.played_at, excluded.played_at)`,
  `delete from message_receipts r using unnest($1::uuid[], $2::uuid[]) as twice (gone, kept) where r.participant_id = twice.gone`,
];
const MOVE_MESSAGES = `update messages m set participant_id = twice.kept ${AS} where m.participant_id = twice.gone returning m.id`;
const SETTLE = `select private.settle_messages(private.current_organization(), array(
  select distinct coalesce(t.id, m.id) from messages m left join messages t
      on t.organization_id = m.organization_id and t.session_id = m.session_id and t.conversation_id = m.conversation_id
     and t.whatsapp_message_id = m.target_whatsapp_message_id and t.direction = m.target_direction
   where m.id = any ($1)))`;
const FORGET = 'delete from group_participants where id = any ($1)';

/** Two participants of a group that turn out to be one person are one: the one that is known by the privacy address. */
export async function unitePeople(
  sql: TenantSql,
  people: readonly (Peer & Readonly<{ group: string }>)[],
): Promise<void> {
  const both = people.filter(({ phone, lid }) => phone !== null && lid !== null);
  if (both.length === 0) return;
  const { rows } = await sql.query<{ gone: string; kept: string }>({
    name: 'groups.twice',
    text: TWICE,
    values: [both.map(({ group }) => group), both.map(({ lid }) => lid), both.map(({ phone }) => phone)],
  });
  if (rows.length === 0) return;
  const [gone, kept] = [rows.map((row) => row.gone), rows.map((row) => row.kept)];
  for (const text of MOVE) await sql.query(text, [gone, kept]);
  const moved = await sql.query<{ id: string }>(MOVE_MESSAGES, [gone, kept]);
  if (moved.rows.length > 0) await sql.query(SETTLE, [moved.rows.map(({ id }) => id)]); // whose change is whose is another now
  await sql.query(FORGET, [gone]);
}
