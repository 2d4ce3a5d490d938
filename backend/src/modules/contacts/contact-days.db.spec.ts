import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { aContact, anOrganization } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { setDaysOf } from './contact-days.ts';
import { mergeContacts, undoMerge } from './contact-merges.ts';

let database: OpenDatabase;
let admin: pg.Client;
let db: TenantDb;
let organization: OrganizationId;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  db = new TenantDb(database.pool('app_tenant', 2));
  organization = await anOrganization(admin);
});
afterAll(() => database.close());

const asTenant = <T>(work: (sql: TenantSql) => Promise<T>) => db.asTenantSql(organization, work);
const set = (contact: string, days: Readonly<Record<string, number>>) =>
  asTenant((sql) =>
    setDaysOf(
      sql,
      contact,
      Object.entries(days).map(([name, day]) => ({ name, month: 3, day, year: null })),
    ),
  );
const daysOf = async (contact: string) =>
  (
    await admin.query<{ id: string; said: string }>(
      `select id, name || ' ' || day as said from contact_days where contact_id = $1 order by key`,
      [contact],
    )
  ).rows;
const saidOf = async (contact: string) => (await daysOf(contact)).map(({ said }) => said);
const merge = async (keep: string, other: string): Promise<string> => {
  const reason = { source: 'person', session: null, by: 'dana' } as const;
  const merged = await asTenant((sql) => mergeContacts(sql, organization, { a: keep, b: other, keep }, reason));
  return merged?.id ?? '';
};

it('of two that are merged are those of both, the same days, and those again that nobody changed once they are parted', async () => {
  const [kept, merged] = [(await aContact(admin, organization)).id, (await aContact(admin, organization)).id];
  await set(kept, { Birthday: 1 });
  await set(merged, { birthday: 2, anniversary: 3, opening: 4 });
  const theirs = await daysOf(merged);
  const id = await merge(kept, merged);
  const both = await daysOf(kept);
  expect(both.map(({ said }) => said)).toEqual(['anniversary 3', 'Birthday 1', 'opening 4']);
  expect([both[0]?.id, both[2]?.id]).toEqual([theirs[0]?.id, theirs[2]?.id]);
  await set(kept, { birthday: 1, anniversary: 3, opening: 5 });
  await asTenant((sql) => undoMerge(sql, organization, id, 'dana'));
  expect(await saidOf(kept)).toEqual(['birthday 1', 'opening 5']);
  expect(await daysOf(merged)).toEqual(theirs);
});
