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

/** `$1` the group, then the old addresses and the new ones. */
const OLD_AND_NEW = `select p.id, coalesce(p.lid = $2 or p.phone_number = $3, false) as is_old
  from group_participants p where p.group_id = $1 and (p.lid in ($2, $4) or p.phone_number in ($3, $5))`;

const RENUMBER = `update group_participants set lid = $2, phone_number = $3, changed_at = greatest(changed_at, $4) where id = $1`;

/**
 * Somebody in a group goes on under another number: all that is known of him is that one's. Who was there under the new one
 * before is he. Whom we do not know under the old one is left as he is.
 */
export async function renumber(
  sql: TenantSql,
  group: string,
  { from, to, at }: Readonly<{ from: Peer; to: Peer; at: Date }>,
): Promise<void> {
  const { rows } = await sql.query<{ id: string; is_old: boolean }>({
    name: 'groups.old_and_new',
    text: OLD_AND_NEW,
    values: [group, from.lid, from.phone, to.lid, to.phone],
  });
  const [kept, ...more] = rows.toSorted((a, b) => Number(b.is_old) - Number(a.is_old));
  if (!kept?.is_old) return;
  if (more.length > 0)
    await merge(
      sql,
      more.map(({ id }) => ({ gone: id, kept: kept.id })),
    );
  await sql.query({ name: 'groups.renumber', text: RENUMBER, values: [kept.id, to.lid, to.phone, at] });
}

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
  if (rows.length > 0) await merge(sql, rows);
}

async function merge(sql: TenantSql, rows: readonly Readonly<{ gone: string; kept: string }>[]): Promise<void> {
  const [gone, kept] = [rows.map((row) => row.gone), rows.map((row) => row.kept)];
  for (const text of MOVE) await sql.query(text, [gone, kept]);
  const moved = await sql.query<{ id: string }>(MOVE_MESSAGES, [gone, kept]);
  if (moved.rows.length > 0) await sql.query(SETTLE, [moved.rows.map(({ id }) => id)]); // whose change is whose is another now
  await sql.query(FORGET, [gone]);
}
