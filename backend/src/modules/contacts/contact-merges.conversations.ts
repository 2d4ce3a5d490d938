import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';

type Row = { id: string; session_id: string; contact_id: string; merged_into: string | null; unread_count: number };

/** The hidden before the shown, as everybody locks them. */
const LOCK = `select id, session_id, contact_id, merged_into, unread_count from conversations
   where contact_id = any ($1) order by merged_into is null, id for update`;

const OPEN = `insert into conversations (organization_id, id, session_id, contact_id)
  select private.current_organization(), n.id, n.session_id, $3 from unnest($1::uuid[], $2::uuid[]) as n (id, session_id)`;

/**
 * What lies in one conversation and comes from some goes into another. A message that was delivered under two addresses is
 * there already, and stays where nobody sees it.
 */
const MOVE = `with moving as (
    select m.id, coalesce(m.origin_conversation_id, m.conversation_id) as home, v.target
      from unnest($1::uuid[], $2::uuid[]) as v (source, target) join messages m on m.conversation_id = v.source
     where ($3::uuid[] is null or coalesce(m.origin_conversation_id, m.conversation_id) = any ($3))
       and not exists (select from messages d where d.session_id = m.session_id and d.whatsapp_message_id = m.whatsapp_message_id
                          and d.direction = m.direction and d.conversation_id = v.target)
     order by m.id for update of m
  )
  update messages m set conversation_id = moving.target, origin_conversation_id = nullif(moving.home, moving.target)
    from moving where m.id = moving.id`;

/** The newest message of each, by what lies there. */
const TELL_NEWEST = `update conversations v set last_message_id = n.id, last_message_at = coalesce(n.created_at, v.created_at)
    from (select v.id as conversation, m.id, m.created_at from conversations v left join lateral (
            select id, created_at from messages where conversation_id = v.id order by id desc limit 1) m on true
           where v.id = any ($1)) n
   where n.conversation = v.id`;

/**
 * All conversations of merged contacts are shown in those of another one, on each session.
 * @param of the contact that was shown for the hidden ones until now
 * @returns conversations that had to be made for it
 */
export async function hideConversations(
  sql: TenantSql,
  { shown, hidden, of }: Readonly<{ shown: string; hidden: readonly string[]; of: string }>,
): Promise<string[]> {
  const opened = await openMissing(sql, hidden, shown);
  const rows = await lock(sql, [...hidden, shown]);
  const targetOf = new Map(rows.filter((row) => row.contact_id === shown).map((row) => [row.session_id, row]));
  const moves: { source: string; target: string }[] = [];
  const counts = new Map<string, number>();
  for (const row of rows.filter(({ contact_id: contact }) => contact === of)) {
    const target = targetOf.get(row.session_id);
    if (!target) continue;
    moves.push({ source: row.id, target: target.id });
    const others = rows.filter((one) => one.merged_into === row.id);
    counts.set(row.id, row.unread_count - sumOf(others)); // from now on its own alone
    counts.set(target.id, target.unread_count + row.unread_count);
  }
  await move(sql, moves, null);
  await setCounts(sql, counts);
  await sql.query(
    `update conversations h set merged_into = s.id from conversations s
      where h.contact_id = any ($1) and s.contact_id = $2 and s.session_id = h.session_id`,
    [hidden, shown],
  );
  await sql.query(TELL_NEWEST, [[...targetOf.values()].map(({ id }) => id)]);
  return opened;
}

/** Two addresses of one account: whoever wrote under the one is no stranger to the other. Two numbers of a person are two accounts. */
export const establishTogether = (sql: TenantSql, contacts: readonly string[]) =>
  sql.query(
    `update conversations v set established = true
      where v.contact_id = any ($1) and not v.established and exists (
        select from conversations w where w.contact_id = any ($1) and w.session_id = v.session_id and w.established)`,
    [contacts],
  );

/** The conversations of some merged contacts leave those of `from`, to be shown in those of one of them. */
export async function showConversations(
  sql: TenantSql,
  {
    leaving,
    from,
    shown,
    opened,
  }: Readonly<{ leaving: readonly string[]; from: string; shown: string; opened: readonly string[] }>,
): Promise<void> {
  await openMissing(sql, leaving, shown);
  const rows = await lock(sql, [...leaving, from]);
  const moves: { source: string; target: string }[] = [];
  const counts = new Map<string, number>();
  for (const target of rows.filter(({ contact_id: contact }) => contact === shown)) {
    const own = rows.filter((row) => row.session_id === target.session_id && row.contact_id !== from);
    counts.set(target.id, sumOf(own));
    const source = rows.find((row) => row.session_id === target.session_id && row.contact_id === from);
    if (!source) continue;
    moves.push({ source: source.id, target: target.id });
    counts.set(source.id, source.unread_count - sumOf(own));
  }
  const homes = rows.filter(({ contact_id: contact }) => contact !== from).map(({ id }) => id);
  await sql.query(
    `update conversations h set merged_into = nullif(s.id, h.id) from conversations s
      where h.contact_id = any ($1) and s.contact_id = $2 and s.session_id = h.session_id`,
    [leaving, shown],
  );
  await move(sql, moves, homes);
  await setCounts(sql, counts);
  await sql.query(TELL_NEWEST, [moves.flatMap(({ source, target }) => [source, target])]);
  await closeUnused(sql, opened);
}

const lock = async (sql: TenantSql, contacts: readonly string[]): Promise<Row[]> =>
  (await sql.query<Row>(LOCK, [contacts])).rows;

/** A contact has a conversation wherever one of `others` has. */
async function openMissing(sql: TenantSql, others: readonly string[], contact: string): Promise<string[]> {
  const { rows } = await sql.query<{ session_id: string }>(
    `select distinct session_id from conversations v where contact_id = any ($1)
        and not exists (select from conversations w where w.session_id = v.session_id and w.contact_id = $2)`,
    [others, contact],
  );
  const ids = rows.map(() => newId());
  if (ids.length > 0) await sql.query(OPEN, [ids, rows.map((row) => row.session_id), contact]);
  return ids;
}

async function move(
  sql: TenantSql,
  moves: readonly { source: string; target: string }[],
  homes: readonly string[] | null,
): Promise<void> {
  if (moves.length > 0)
    await sql.query(MOVE, [moves.map(({ source }) => source), moves.map(({ target }) => target), homes]);
}

const setCounts = (sql: TenantSql, counts: ReadonlyMap<string, number>) =>
  sql.query(
    `update conversations v set unread_count = greatest(c.unread, 0) from unnest($1::uuid[], $2::int[]) as c (id, unread) where v.id = c.id`,
    [[...counts.keys()], [...counts.values()]],
  );

/** What only the merge had made, and in which nothing was said, goes with it. */
const closeUnused = (sql: TenantSql, opened: readonly string[]) =>
  sql.query(
    `delete from conversations v where id = any ($1) and merged_into is null
        and not exists (select from conversations h where h.merged_into = v.id)
        and not exists (select from messages m where m.conversation_id = v.id)
        and not exists (select from messages m where m.session_id = v.session_id and m.origin_conversation_id = v.id)`,
    [opened],
  );

const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, { unread_count: unread }) => sum + unread, 0);
