import { expect, jest } from '@jest/globals';
import pg from 'pg';
import type { OrganizationId } from '../kernel/ids.ts';
import type { TenantDb } from '../platform/database/tenant-db.ts';

/** How the database answers the one statement of this name that `work` leads to, with what it read to do so. */
export async function planOf(
  { db, organization, name }: Readonly<{ db: TenantDb; organization: OrganizationId; name: string }>,
  work: () => Promise<unknown>,
): Promise<string> {
  const asked: { text: string; values: unknown[] }[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the client that was meant
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const given = args[0] as { name?: string; text: string; values: unknown[] };
    if (given.name === name) asked.push(given);
    return query.apply(this, args);
  });
  await work();
  jest.restoreAllMocks();
  expect(asked).toHaveLength(1);
  const { rows } = await db.asTenantSql(organization, (sql) =>
    sql.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) ${asked[0]?.text}`, asked[0]?.values),
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
