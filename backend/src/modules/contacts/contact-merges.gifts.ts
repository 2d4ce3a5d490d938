import type { TenantSql } from '../../platform/database/tenant-db.ts';

/** What a contact took over from the one that was merged into it, by name, and what the merge made for it. */
export type Gave = Readonly<{
  name?: string;
  push_name?: string;
  /** What the one that stayed called itself then. */
  kept_push_name?: string;
  language?: string;
  /** When the merged one opted out. */
  opted_out_at?: string;
  tags?: string[];
  lists?: string[];
  days?: string[];
  conversations?: string[];
}>;

const FIELDS = ['name', 'push_name', 'language'] as const;

type Row = {
  id: string;
  name: string | null;
  push_name: string | null;
  language: string | null;
  opted_out_at: Date | null;
};

/** What the kept contact has not is taken from the merged one; who opted out has, under whichever address. */
export async function giveOver(sql: TenantSql, { from, to }: Readonly<{ from: string; to: string }>): Promise<Gave> {
  const { rows } = await sql.query<Row>(
    'select id, name, push_name, language, opted_out_at from contacts where id in ($1, $2)',
    [from, to],
  );
  const [giver, taker] = [rows.find(({ id }) => id === from), rows.find(({ id }) => id === to)];
  if (!giver || !taker) return {};
  const fields = FIELDS.flatMap((field) =>
    taker[field] === null && giver[field] !== null ? [[field, giver[field]] as const] : [],
  );
  const optedOut = giver.opted_out_at && !taker.opted_out_at ? { opted_out_at: giver.opted_out_at.toISOString() } : {};
  await sql.query(
    `update contacts c set name = coalesce(c.name, g.name), push_name = coalesce(c.push_name, g.push_name), language = coalesce(c.language, g.language),
            opted_out_at = coalesce(c.opted_out_at, g.opted_out_at),
            opt_out_source = case when c.opted_out_at is null then g.opt_out_source else c.opt_out_source end
       from contacts g where c.id = $2 and g.id = $1`,
    [from, to],
  );
  const own = taker.push_name === null ? {} : { kept_push_name: taker.push_name };
  return { ...Object.fromEntries(fields), ...own, ...optedOut, ...(await copySorting(sql, from, to)) };
}

async function copySorting(sql: TenantSql, from: string, to: string): Promise<Pick<Gave, 'tags' | 'lists' | 'days'>> {
  const tags = await sql.query<{ tag_id: string }>(
    `insert into contact_tags (organization_id, contact_id, tag_id) select organization_id, $2, tag_id from contact_tags where contact_id = $1
     on conflict do nothing returning tag_id`,
    [from, to],
  );
  const lists = await sql.query<{ list_id: string }>(
    `insert into contact_list_members (organization_id, list_id, contact_id) select organization_id, list_id, $2 from contact_list_members where contact_id = $1
     on conflict do nothing returning list_id`,
    [from, to],
  );
  const days = await sql.query<{ id: string }>(
    `insert into contact_days (organization_id, id, contact_id, name, key, month, day, year)
     select organization_id, id, $2, name, key, month, day, year from contact_days where contact_id = $1
     on conflict do nothing returning id`,
    [from, to],
  );
  return {
    tags: tags.rows.map((row) => row.tag_id),
    lists: lists.rows.map((row) => row.list_id),
    days: days.rows.map(({ id }) => id),
  };
}

/**
 * What is as it was given goes again. Who opted out while they were one did so for both: it is not known which of them it
 * was, and writing to somebody who does not want it is worse than not writing.
 */
export async function takeBack(
  sql: TenantSql,
  gave: Gave,
  { from, to, root, since }: Readonly<{ from: string; to: string; root: string; since: Date }>,
): Promise<void> {
  await sql.query(
    `update contacts set opted_out_at = r.opted_out_at, opt_out_source = r.opt_out_source
       from (select opted_out_at, opt_out_source from contacts where id = $1) r
      where id = $2 and contacts.opted_out_at is null and r.opted_out_at > $3`,
    [root, to, since],
  );
  await sql.query(
    `update contacts set name = nullif(name, $2), push_name = nullif(push_name, $3), language = nullif(language, $4),
            opt_out_source = case when opted_out_at = $5::timestamptz then null else opt_out_source end,
            opted_out_at = nullif(opted_out_at, $5::timestamptz)
      where id = $1`,
    [from, gave.name ?? null, gave.push_name ?? null, gave.language ?? null, gave.opted_out_at ?? null],
  );
  // What the one that goes was called since is not the name of the one that stays.
  await sql.query(
    `update contacts r set push_name = $3 from contacts gone
      where r.id = $1 and gone.id = $2 and gone.push_name is distinct from $3 and r.push_name = gone.push_name`,
    [from, to, gave.kept_push_name ?? null],
  );
  await sql.query('delete from contact_tags where contact_id = $1 and tag_id = any ($2)', [from, gave.tags ?? []]);
  await sql.query('delete from contact_list_members where contact_id = $1 and list_id = any ($2)', [
    from,
    gave.lists ?? [],
  ]);
  await sql.query('delete from contact_days where contact_id = $1 and id = any ($2)', [from, gave.days ?? []]);
}
