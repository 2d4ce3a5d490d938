import type pg from 'pg';

/** A statement with its values; a `name` has the server parse it once per connection. */
export type Statement = { text: string; values?: unknown[]; name?: string };

/** Runs statements in one transaction. */
export type Sql = {
  query<Row extends pg.QueryResultRow>(
    statement: string | Statement,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
};

/**
 * Runs `work` between `begin` and commit on one connection, and rolls back when it throws. A connection on which the
 * rollback fails too is thrown away, never handed to the next.
 */
export async function transaction<T>(pool: pg.Pool, begin: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work({
      query: (statement, values) =>
        typeof statement === 'string' ? client.query(statement, values as unknown[]) : client.query({ ...statement }),
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((reason: unknown) => {
      broken = reason instanceof Error ? reason : new Error(String(reason));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
