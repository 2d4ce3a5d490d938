import type { Client } from 'pg';

/** A table that a backup carries, as the database describes it. */
export type Table = {
  name: string;
  /** Neither generated ones nor transaction ids, which mean nothing in another database. */
  columns: string[];
  /** The columns with a number that the database counts up. */
  identities: string[];
  /** The columns with a transaction id. */
  transactionIds: string[];
  /** The tables that its rows refer to. */
  refersTo: string[];
};

/**
 * The tables of the product: what the login role owns in the schemas that the migrations fill. Partitions come with the table
 * that they are of, and the history of migrations is made by the migrations themselves.
 *
 * @returns each after all that it refers to.
 */
export async function productTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select format('%s.%s', n.nspname, c.relname) as name,
           array(select attname::text from pg_attribute a where a.attrelid = c.oid and attnum > 0 and not attisdropped
                    and attgenerated = '' and atttypid <> 'xid8'::regtype order by attnum) as columns,
           array(select attname::text from pg_attribute a where a.attrelid = c.oid and attnum > 0 and not attisdropped
                    and attidentity <> '') as identities,
           array(select attname::text from pg_attribute a where a.attrelid = c.oid and attnum > 0 and not attisdropped
                    and atttypid = 'xid8'::regtype) as "transactionIds",
           array(select distinct format('%s.%s', rn.nspname, r.relname) from pg_constraint f
                   join pg_class r on r.oid = f.confrelid join pg_namespace rn on rn.oid = r.relnamespace
                  where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as "refersTo"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> '_prisma_migrations' and c.relowner = (select oid from pg_roles where rolname = session_user)
     order by 1`);
  return inOrder(rows);
}

function inOrder(tables: readonly Table[]): Table[] {
  const known = new Set(tables.map(({ name }) => name));
  const done = new Map<string, Table>();
  while (done.size < tables.length) {
    const ready = tables.filter(
      ({ name, refersTo }) => !done.has(name) && refersTo.every((other) => done.has(other) || !known.has(other)),
    );
    if (ready.length === 0) throw new Error('tables refer to each other in a circle, which a restore cannot load');
    for (const table of ready) done.set(table.name, table);
  }
  return [...done.values()];
}

/** The names come from a catalogue and not from people, but may be words of SQL. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
