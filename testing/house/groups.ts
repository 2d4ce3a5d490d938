import type pg from 'pg';

/** A participant as a group shows him: by number, by privacy address, or by both. */
export type Shown = Readonly<{ phone: string | null; lid: string | null }>;

/** As of a group that WhatsApp told of; its people are told of by nobody. */
const GROUP = `with told as (
    insert into groups (organization_id, id, jid, subject, size, told_at) values ($1, gen_random_uuid(), $2, $2, $5, now())
    returning organization_id, id
  )
  insert into group_participants (organization_id, group_id, id, phone_number, lid, role, changed_at)
  select told.organization_id, told.id, gen_random_uuid(), p.phone, p.lid, 'member', now()
    from told, unnest($3::text[], $4::text[]) as p (phone, lid)`;

/** Puts people into a group of an organization. @param client one that acts as the system @returns the group's jid */
export async function addGroup(
  client: pg.Client | pg.Pool,
  organization: string | undefined,
  nth: number,
  people: readonly Shown[],
): Promise<string> {
  const jid = `12036399${String(nth).padStart(6, '0')}@g.us`;
  await client.query(GROUP, [
    organization,
    jid,
    people.map(({ phone }) => phone),
    people.map(({ lid }) => lid),
    people.length,
  ]);
  return jid;
}
