import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { ContactDay, ContactDayNameView } from './contacts.dto.ts';

const WANTED = `jsonb_to_recordset($2::jsonb) as w (id uuid, name text, month smallint, day smallint, year smallint)`;

/** Another date is another day, so that nothing is told any more that was planned for the one before. */
const DELETE = `delete from contact_days d where d.contact_id = $1 and not exists (
    select from ${WANTED} where lower(w.name) = d.key and (w.month, w.day) = (d.month, d.day) and w.year is not distinct from d.year)`;

const INSERT = `insert into contact_days (organization_id, id, contact_id, name, key, month, day, year)
  select private.current_organization(), w.id, $1, w.name, lower(w.name), w.month, w.day, w.year from ${WANTED}
  on conflict (organization_id, contact_id, key) do update set name = excluded.name where contact_days.name <> excluded.name`;

const ORDER = 'order by month, day, key';

/** A contact has these days and no others; names are the same in any case. @returns them in words, before and after */
export async function setDaysOf(
  sql: TenantSql,
  contact: string,
  days: readonly ContactDay[],
): Promise<{ before: string[]; after: string[] }> {
  const wanted = JSON.stringify(days.map((one) => ({ ...one, id: newId() })));
  const before = await daysOf(sql, contact);
  await sql.query(DELETE, [contact, wanted]);
  await sql.query(INSERT, [contact, wanted]);
  return { before, after: await daysOf(sql, contact) };
}

/** As the audit log says them: `birthday 1990-03-05`, or `birthday --03-05` where the year is not known. */
async function daysOf(sql: TenantSql, contact: string): Promise<string[]> {
  const { rows } = await sql.query<ContactDay>(
    `select name, month::int, day::int, year::int from contact_days where contact_id = $1 ${ORDER}`,
    [contact],
  );
  const two = (n: number) => String(n).padStart(2, '0');
  return rows.map(
    ({ name, month, day, year }) =>
      `${name} ${year === null ? '-' : String(year).padStart(4, '0')}-${two(month)}-${two(day)}`,
  );
}

/** What days are called, those of most contacts first. */
export async function dayNamesIn(sql: TenantSql): Promise<ContactDayNameView[]> {
  const { rows } = await sql.query<ContactDayNameView>(
    `select min(d.name) as name, count(*)::int as contact_count
       from contact_days d join contacts c on c.id = d.contact_id and c.merged_into is null
      group by d.key order by 2 desc, d.key limit 100`,
  );
  return rows;
}
