import type { Client } from 'pg';

/** Of each table, as `schema.name`: its columns, indexes and foreign keys, a line each, sorted. */
export type SchemaShape = Record<string, string[]>;

/** Tables that the Prisma schema can speak of: no partitions (their parent stands for them) and not the history of migrations. */
const TABLE = `c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_prisma_migrations'
               and n.nspname in ('public', 'private')`;

/** The same defaults under two names: `now()`, and a number from a sequence (`serial` or identity). */
const COLUMNS = `
  select n.nspname || '.' || c.relname as table,
         concat_ws(' ', 'column', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
           case when a.attnotnull then 'not null' end,
           case when a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%' then 'autoincrement'
                else 'default ' || replace(pg_get_expr(d.adbin, d.adrelid), 'CURRENT_TIMESTAMP', 'now()') end) as line
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where ${TABLE}`;

/** A unique constraint is its index; what a primary key is called matters to nobody. */
const INDEXES = `
  select n.nspname || '.' || c.relname as table,
         case when i.indisprimary then 'primary key' || substring(pg_get_indexdef(i.indexrelid) from ' \\(.*')
              else regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE| ON .* USING', '', 'g') end as line
    from pg_index i
    join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
   where i.indpred is null and ${TABLE}`;

const FOREIGN_KEYS = `
  select n.nspname || '.' || c.relname as table, pg_get_constraintdef(f.oid) as line
    from pg_constraint f
    join pg_class c on c.oid = f.conrelid
    join pg_namespace n on n.oid = c.relnamespace
   where f.contype = 'f' and ${TABLE}`;

/** What a Prisma schema can say of a database: not its partial indexes, checks, grants and policies. */
export async function schemaShape(client: Client): Promise<SchemaShape> {
  await client.query(`set search_path = ''`); // so that every name is printed whole
  const { rows } = await client.query<{ table: string; line: string }>(
    `${COLUMNS} union all ${INDEXES} union all ${FOREIGN_KEYS}`,
  );
  const shape: SchemaShape = {};
  for (const { table, line } of rows) (shape[table] ??= []).push(line);
  for (const lines of Object.values(shape)) lines.sort();
  return shape;
}
