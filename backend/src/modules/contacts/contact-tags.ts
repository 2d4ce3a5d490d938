import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';

/** A contact has these tags and no others; names are the same in any case, and new ones are made. @returns names, before and after */
export async function setTagsOf(
  sql: TenantSql,
  contact: string,
  names: readonly string[],
): Promise<{ before: string[]; after: string[] }> {
  const wanted = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].toSorted();
  const before = await tagsOf(sql, contact);
  await sql.query(
    `insert into tags (organization_id, id, name)
     select private.current_organization(), w.id, w.name from unnest($1::uuid[], $2::text[]) as w (id, name)
      where not exists (select from tags t where lower(t.name) = lower(w.name))
     on conflict (organization_id, name) do nothing`,
    [wanted.map(() => newId()), wanted],
  );
  const lower = wanted.map((name) => name.toLowerCase());
  await sql.query(
    `delete from contact_tags x using tags t where x.contact_id = $1 and t.id = x.tag_id and not lower(t.name) = any ($2)`,
    [contact, lower],
  );
  await sql.query(
    `insert into contact_tags (organization_id, contact_id, tag_id)
     select organization_id, $1, id from tags where lower(name) = any ($2) on conflict do nothing`,
    [contact, lower],
  );
  return { before, after: await tagsOf(sql, contact) };
}

const tagsOf = async (sql: TenantSql, contact: string): Promise<string[]> =>
  (
    await sql.query<{ name: string }>(
      'select t.name from contact_tags x join tags t on t.id = x.tag_id where x.contact_id = $1 order by t.name',
      [contact],
    )
  ).rows.map(({ name }) => name);
