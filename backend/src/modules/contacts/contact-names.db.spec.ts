import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { anIncomingMessage, anOrganization, aSession, leaseOf } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { InboundRepository } from '../messages/inbound.repository.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { mergeContacts, undoMerge } from './contact-merges.ts';
import { ContactsRepository } from './contacts.repository.ts';

const HOME = '+972541230001';
const WORK = '+972541230002';

let database: OpenDatabase;
let db: TenantDb;
let inbound: InboundRepository;
let organization: OrganizationId;
let lease: Lease;

beforeAll(async () => {
  database = await openDatabase();
  db = new TenantDb(database.pool('app_tenant', 2));
  inbound = new InboundRepository(db, new ContactsRepository(), new Facts());
});
afterAll(() => database.close());

beforeEach(async () => {
  organization = await anOrganization(database.admin);
  lease = leaseOf({ organization, session: await aSession(database.admin, organization) });
});

const hears = (phone: string, pushName: string) =>
  inbound.storeMessages(lease, [anIncomingMessage({ peer: { phone, lid: null }, pushName })]);

async function contacts(): Promise<{ id: string; name: string | null }[]> {
  const { rows } = await database.admin.query<{ id: string; name: string | null }>(
    'select id, push_name as name from contacts where organization_id = $1 order by phone_number',
    [organization],
  );
  return rows;
}
const names = async () => (await contacts()).map(({ name }) => name);

async function merge(): Promise<() => Promise<unknown>> {
  const [home, work] = await contacts();
  const [keep = '', other = ''] = [home?.id, work?.id];
  const reason = { source: 'person', session: null, by: 'dana' } as const;
  const merged = await db.asTenantSql(organization, (sql) =>
    mergeContacts(sql, organization, { a: keep, b: other, keep }, reason),
  );
  return () => db.asTenantSql(organization, (sql) => undoMerge(sql, organization, merged?.id ?? '', 'dana'));
}

it('of two that are one is what they call themselves last, and each has its own again once they are parted', async () => {
  await hears(HOME, 'Omar');
  await hears(WORK, 'Omar, Acme');
  const undo = await merge();
  await hears(WORK, 'Omar, Acme Ltd');
  expect(await names()).toEqual(['Omar, Acme Ltd', 'Omar, Acme Ltd']);
  await undo();
  expect(await names()).toEqual(['Omar', 'Omar, Acme Ltd']);
});

it('that the one which stays took for itself since is kept', async () => {
  await hears(HOME, 'Omar');
  await hears(WORK, 'Omar, Acme');
  const undo = await merge();
  await hears(HOME, 'Omar L.');
  await undo();
  expect(await names()).toEqual(['Omar L.', 'Omar, Acme']);
});
