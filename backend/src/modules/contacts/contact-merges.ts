import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { lockOrganization } from '../../platform/database/organization-lock.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { contactMerged, type EvidenceSource } from './contacts.events.ts';
import { giveOver, type Gave, takeBack } from './contact-merges.gifts.ts';
import { establishTogether, hideConversations, showConversations } from './contact-merges.conversations.ts';

/** Why two contacts are merged, and by whom if it was a person or a program. */
export type MergeReason = Readonly<{ source: EvidenceSource; session: string | null; by: string | null }>;

export type Merge = Readonly<{ id: string; kept: string; merged: string }>;

type Member = { id: string; root: string; phone_number: string | null };

/** The contacts of both groups, locked in the order in which everybody locks contacts. */
const LOCK_GROUPS = `select id, coalesce(merged_into, id) as root, phone_number from contacts
   where id = any ($1) or merged_into = any ($1) order by id for update`;

/** A contact and all that were merged into it, directly or not. */
const MEMBERS = `with recursive members as (
    select $1::uuid as id
    union select m.merged_id from private.contact_merges m join members on m.kept_id = members.id
     where m.undone_at is null and m.id <> $2
  ) select id from members`;

const APART = `select from private.contact_separations
   where contact_id = any ($1) and other_id = any ($2) or contact_id = any ($2) and other_id = any ($1) limit 1`;

const facts = new Facts();

/**
 * Makes one of two contacts, in a transaction of its own that may hold nothing else. One merge of an organization at a time,
 * so that none waits for another in a circle.
 * @param keep the contact that stays; undefined: the one with a number
 * @returns null when they are one already, or, unless a person asks, when a person keeps them apart
 */
export async function mergeContacts(
  sql: TenantSql,
  organization: OrganizationId,
  { a, b, keep }: Readonly<{ a: string; b: string; keep?: string }>,
  reason: MergeReason,
): Promise<Merge | null> {
  await lockOrganization(sql, 'contact merges');
  const roots = await rootsOf(sql, [a, b]);
  const [rootA, rootB] = [roots.get(a), roots.get(b)];
  if (rootA === undefined || rootB === undefined || rootA === rootB) return null;
  const { rows } = await sql.query<Member>(LOCK_GROUPS, [[rootA, rootB]]);
  const groupOf = (root: string) => rows.filter((row) => row.root === root).map(({ id }) => id);
  if (reason.source === 'person') await letTogether(sql, groupOf(rootA), groupOf(rootB));
  else if (await areApart(sql, groupOf(rootA), groupOf(rootB))) return null;
  const kept = keep === undefined ? withNumber(rows, rootA, rootB) : (roots.get(keep) ?? rootA);
  const merged = kept === rootA ? rootB : rootA;
  const merge = { id: newId(), kept, merged };
  await sql.query('update contacts set merged_into = $1, updated_at = now() where id = any ($2)', [
    kept,
    groupOf(merged),
  ]);
  const opened = await hideConversations(sql, { shown: kept, hidden: groupOf(merged), of: merged });
  if (reason.source !== 'person') await establishTogether(sql, [a, b]);
  const gave = { ...(await giveOver(sql, { from: merged, to: kept })), conversations: opened };
  await sql.query(
    `insert into private.contact_merges (organization_id, id, kept_id, merged_id, source, session_id, merged_by, gave)
     values (private.current_organization(), $1, $2, $3, $4, $5, $6, $7)`,
    [merge.id, kept, merged, reason.source, reason.session, reason.by, JSON.stringify(gave)],
  );
  await facts.addSql(sql, contactMerged(organization, { kept, merged, merge: merge.id, undone: false }));
  return merge;
}

/**
 * Makes two of a merged contact again, with all that came since: each message lies where the address that it came under has
 * it. What had them merged will not do so again.
 * @returns null when there is no such merge, or it is undone already
 */
export async function undoMerge(
  sql: TenantSql,
  organization: OrganizationId,
  id: string,
  by: string,
): Promise<Merge | null> {
  await lockOrganization(sql, 'contact merges');
  const { rows } = await sql.query<{ kept_id: string; merged_id: string; gave: Gave; merged_at: Date }>(
    `update private.contact_merges set undone_at = now(), undone_by = $2 where id = $1 and undone_at is null
     returning kept_id, merged_id, gave, merged_at`,
    [id, by],
  );
  const [merge] = rows;
  if (!merge) return null;
  const { kept_id: kept, merged_id: merged } = merge;
  const root = (await rootsOf(sql, [merged])).get(merged) ?? kept;
  await sql.query(LOCK_GROUPS, [[root]]);
  const [leaving, staying] = [await membersOf(sql, merged, id), await membersOf(sql, kept, id)];
  await sql.query(
    `update contacts set merged_into = case when id = $1 then null else $1 end, updated_at = now() where id = any ($2)`,
    [merged, leaving],
  );
  await showConversations(sql, { leaving, from: root, shown: merged, opened: merge.gave.conversations ?? [] });
  await takeBack(sql, merge.gave, { from: kept, to: merged, root, since: merge.merged_at });
  await keepApart(sql, leaving, staying);
  await facts.addSql(sql, contactMerged(organization, { kept, merged, merge: id, undone: true }));
  return { id, kept, merged };
}

/** The contact that is shown in the place of each. */
async function rootsOf(sql: TenantSql, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ id: string; root: string }>(
    'select id, coalesce(merged_into, id) as root from contacts where id = any ($1)',
    [ids],
  );
  return new Map(rows.map(({ id, root }) => [id, root]));
}

async function membersOf(sql: TenantSql, contact: string, without: string): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(MEMBERS, [contact, without]);
  return rows.map(({ id }) => id);
}

/** Of two the one with a number; of two with one, the first that was named. */
function withNumber(members: readonly Member[], a: string, b: string): string {
  const hasNumber = (id: string) => members.some((one) => one.id === id && one.phone_number !== null);
  return hasNumber(a) || !hasNumber(b) ? a : b;
}

async function areApart(sql: TenantSql, some: readonly string[], others: readonly string[]): Promise<boolean> {
  const { rowCount } = await sql.query(APART, [some, others]);
  return (rowCount ?? 0) > 0;
}

const keepApart = (sql: TenantSql, some: readonly string[], others: readonly string[]) =>
  sql.query(
    `insert into private.contact_separations (organization_id, contact_id, other_id)
     select private.current_organization(), least(a, b), greatest(a, b) from unnest($1::uuid[]) a, unnest($2::uuid[]) b
     on conflict do nothing`,
    [some, others],
  );

/** A person decided anew. */
const letTogether = (sql: TenantSql, some: readonly string[], others: readonly string[]) =>
  sql.query(
    `delete from private.contact_separations
      where contact_id = any ($1) and other_id = any ($2) or contact_id = any ($2) and other_id = any ($1)`,
    [some, others],
  );
