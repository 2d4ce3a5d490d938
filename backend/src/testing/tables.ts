import type { Client } from 'pg';

/** A foreign key between tables of tenants, without the organization that it begins with. */
export type Reference = Readonly<{ columns: readonly string[]; to: string; toColumns: readonly string[] }>;

/** A table as the catalogue knows it. `name` has the schema. */
export type Table = Readonly<{
  name: string;
  schema: 'public' | 'private';
  columns: readonly string[];
  /** The column with the organization; null for a table that belongs to none. */
  tenantKey: string | null;
  partition: boolean;
  references: readonly Reference[];
}>;

const NAMES = (keys: string, relation: string) =>
  `(select array_agg(a.attname::text order by k.n) from unnest(${keys}) with ordinality as k (attnum, n)
      join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.attnum where k.n > 1)`;

/** Every table of schemas public and private, but for the history of migrations. */
export async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select n.nspname || '.' || c.relname as name, n.nspname as schema, c.relispartition as partition,
           array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped order by attnum) as columns,
           case when c.relname = 'organizations' then 'id' else (
             select attname::text from pg_attribute where attrelid = c.oid and attname = 'organization_id') end as "tenantKey",
           coalesce((
             select jsonb_agg(jsonb_build_object('columns', ${NAMES('f.conkey', 'f.conrelid')}, 'toColumns', ${NAMES('f.confkey', 'f.confrelid')},
                      'to', (select tn.nspname || '.' || t.relname from pg_class t join pg_namespace tn on tn.oid = t.relnamespace where t.oid = f.confrelid)))
               from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and array_length(f.conkey, 1) > 1), '[]') as references
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
     order by 1`);
  return rows;
}
