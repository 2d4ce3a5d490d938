import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { PeopleMoved } from './people-changed.ts';

/** Where a message lies: it is shown in `shown`, and would lie in `home` if nobody were merged. */
export type Place = Readonly<{ home: string; shown: string }>;

const OPEN = `insert into conversations (organization_id, id, session_id, contact_id, last_message_id)
  select private.current_organization(), c.id, $1, c.contact_id, c.message_id from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as c (id, contact_id, message_id)
   where not exists (select from conversations v where v.session_id = $1 and v.contact_id = c.contact_id)
  on conflict (organization_id, session_id, contact_id) do nothing
  returning id`;

/**
 * Locked before anything is put there, the hidden before the shown, which is the order of everybody: a merge that moves them
 * is over, or waits.
 */
const LOCK = `select v.id, v.contact_id, v.merged_into, c.merged_into as contact_merged_into
    from conversations v join contacts c on c.id = v.contact_id
   where v.session_id = $1 and v.contact_id = any ($2) order by v.merged_into is null, v.id for no key update of v`;

const HIDE = `update conversations v set merged_into = h.shown from unnest($1::uuid[], $2::uuid[]) as h (id, shown) where v.id = h.id`;

type Row = { id: string; contact_id: string; merged_into: string | null; contact_merged_into: string | null };

/**
 * The places of contacts on a session, by the contact of the address; conversations that are missing are made.
 * @param homes the contact of each address, and the one that is shown in its place
 * @param firsts by contact, the message that a conversation with him is made for: what the row says from its birth need not be
 *   written over it, which costs more than the row
 * @throws PeopleMoved when one was merged or parted since it was looked up
 */
export async function placesOf(
  sql: TenantSql,
  session: string,
  homes: readonly Readonly<{ home: string; root: string }>[],
  firsts: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, Place>> {
  const contacts = [...new Set(homes.flatMap(({ home, root }) => [home, root]))].toSorted();
  const { rows: made } = await sql.query<{ id: string }>({
    name: 'conversations.open',
    text: OPEN,
    values: [session, contacts.map(() => newId()), contacts, contacts.map((contact) => firsts.get(contact))],
  });
  const { rows } = await sql.query<Row>({ name: 'conversations.lock', text: LOCK, values: [session, contacts] });
  const shown = await hideThoseOfMerged(sql, rows, new Set(made.map(({ id }) => id)));
  const held = new Set(rows.map(({ id }) => id));
  const places = new Map<string, Place>();
  for (const { id, contact_id: contact, merged_into: before } of rows) {
    const now = shown.get(id) ?? before ?? id;
    if (!held.has(now)) throw new PeopleMoved();
    places.set(contact, { home: id, shown: now });
  }
  return places;
}

/** What was just made for a contact that is merged goes where its others are. */
async function hideThoseOfMerged(
  sql: TenantSql,
  rows: readonly Row[],
  made: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const idOf = new Map(rows.map((row) => [row.contact_id, row.id]));
  const hidden = new Map<string, string>();
  for (const { id, contact_merged_into: root } of rows) {
    if (!made.has(id) || root === null) continue;
    const shown = idOf.get(root);
    if (shown === undefined) throw new PeopleMoved();
    hidden.set(id, shown);
  }
  if (hidden.size > 0)
    await sql.query({ name: 'conversations.hide', text: HIDE, values: [[...hidden.keys()], [...hidden.values()]] });
  return hidden;
}
