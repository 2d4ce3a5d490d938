import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { tellContacts } from './contacts.events.ts';

/** A contact has these tags and no others; names are the same in any case, and new ones are made. @returns names, before and after */
export async function setTagsOf(
  sql: TenantSql,
  contact: string,
  names: readonly string[],
): Promise<{ before: string[]; after: string[] }> {
  const wanted = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].toSorted();
  const before = await tagsOf(sql, contact);
  await makeTags(sql, wanted);
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

/** Of merged contacts the shown one; in one order, as of people. */
const TAG = `with shown as (
    select distinct organization_id, coalesce(merged_into, id) as id from contacts where id = any ($2)
  ), made as (
    insert into contact_tags (organization_id, contact_id, tag_id) select organization_id, id, $1 from shown order by id
    on conflict do nothing returning organization_id, contact_id as id
  ), told as (
    ${tellContacts('contact.updated', 'made')}
  )
  select count(*)::int as tagged from made`;

/**
 * Contacts have this tag, too, whatever others they have; it is made if there is none of its name. In as many statements for a
 * thousand as for one.
 * @returns the tag, and how many did not have it
 */
export async function tagContacts(
  sql: TenantSql,
  contacts: readonly string[],
  name: string,
): Promise<{ id: string; name: string; tagged: number }> {
  await makeTags(sql, [name]);
  const tags = await sql.query<{ id: string; name: string }>(
    'select id, name from tags where lower(name) = lower($1) order by id limit 1',
    [name],
  );
  const [tag] = tags.rows;
  if (!tag) throw new Error('the tag was deleted in the moment in which it was made');
  const { rows } = await sql.query<{ tagged: number }>({
    name: 'contacts.tag',
    text: TAG,
    values: [tag.id, contacts],
  });
  return { ...tag, tagged: rows[0]?.tagged ?? 0 };
}

const makeTags = (sql: TenantSql, names: readonly string[]) =>
  sql.query(
    `insert into tags (organization_id, id, name)
     select private.current_organization(), w.id, w.name from unnest($1::uuid[], $2::text[]) as w (id, name)
      where not exists (select from tags t where lower(t.name) = lower(w.name))
     on conflict (organization_id, name) do nothing`,
    [names.map(() => newId()), names],
  );

const tagsOf = async (sql: TenantSql, contact: string): Promise<string[]> =>
  (
    await sql.query<{ name: string }>(
      'select t.name from contact_tags x join tags t on t.id = x.tag_id where x.contact_id = $1 order by t.name',
      [contact],
    )
  ).rows.map(({ name }) => name);
