import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { OrganizationId } from '../../kernel/ids.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';
import { TenantDb } from './tenant-db.ts';

let database: OpenDatabase;
let pool: Pool;
let db: TenantDb;
let ours: Tenant;
let theirs: Tenant;

beforeAll(async () => {
  database = await openDatabase();
  [ours, theirs] = [await aTenant(database.admin), await aTenant(database.admin)];
  pool = database.pool('app_tenant', 1); // so that each work gets the connection that the one before had
  db = new TenantDb(pool);
});
afterAll(() => database.close());

const STATE = `select pg_backend_pid() as pid, current_user as role, current_setting('app.organization_id', true) as organization,
                      (select count(*)::int from messages) as messages`;
type State = { pid: number; role: string; organization: string | null; messages: number };

/** As whoever takes the connection next finds it. */
async function left(): Promise<State> {
  const { rows } = await pool.query<State>(STATE);
  const [state] = rows;
  if (!state) throw new Error('no answer');
  return { ...state, organization: state.organization ?? '' };
}

class Refused extends Error {
  override readonly message = 'refused';
}

const works: [string, (organization: OrganizationId) => Promise<State | undefined>][] = [
  [
    'asTenant',
    (organization) => db.asTenant(organization, async (tx) => (await tx.$queryRawUnsafe<State[]>(STATE))[0]),
  ],
  [
    'asTenantSql',
    (organization) => db.asTenantSql(organization, async (sql) => (await sql.query<State>(STATE)).rows[0]),
  ],
];

describe.each(works)('%s', (_, work) => {
  it('sees one organization, then the other, and leaves neither on the connection', async () => {
    for (const { organization } of [ours, theirs, ours]) {
      const inside = await work(organization);
      expect(inside).toMatchObject({ role: 'app_tenant', organization, messages: 2 });
      expect(await left()).toEqual({ pid: inside?.pid, role: 'app_tenant', organization: '', messages: 0 });
    }
  });
});

describe('a work that fails', () => {
  it.each<[string, string, (organization: OrganizationId) => Promise<unknown>]>([
    [
      'by itself, through Prisma',
      'refused',
      (organization) => db.asTenant(organization, () => Promise.reject(new Refused())),
    ],
    [
      'by itself, in SQL',
      'refused',
      (organization) => db.asTenantSql(organization, () => Promise.reject(new Refused())),
    ],
    [
      'in the database, through Prisma',
      'division by zero',
      (organization) => db.asTenant(organization, (tx) => tx.$queryRaw`select 1 / 0`),
    ],
    [
      'in the database, in SQL',
      'division by zero',
      (organization) => db.asTenantSql(organization, (sql) => sql.query('select 1 / 0')),
    ],
  ])('%s, changes nothing and leaves nothing', async (_, why, work) => {
    await expect(work(ours.organization)).rejects.toThrow(why);
    expect(await left()).toMatchObject({ role: 'app_tenant', organization: '', messages: 0 });
  });

  it('takes back what it had changed', async () => {
    const failed = db.asTenantSql(ours.organization, async (sql) => {
      expect((await sql.query(`update contacts set name = 'Nobody' where merged_into is null`)).rowCount).toBe(1);
      throw new Refused();
    });
    await expect(failed).rejects.toBeInstanceOf(Refused);
    const { rows } = await db.asTenantSql(ours.organization, (sql) =>
      sql.query('select name from contacts where merged_into is null'),
    );
    expect(rows).toEqual([{ name: null }]);
  });

  it('is replaced when the connection breaks under it', async () => {
    const broken = db.asTenantSql(ours.organization, async (sql) => {
      const { rows } = await sql.query<State>(STATE);
      await database.admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await sql.query('select 1');
    });
    await expect(broken).rejects.toThrow(/terminat|connection error/);
    expect(await left()).toMatchObject({ role: 'app_tenant', organization: '', messages: 0 });
  });
});

describe('an organization that is none', () => {
  it.each(['', `x'; select set_config('role', 'app_system', true); --`, 'null'])('is refused: %s', async (text) => {
    const organization = text as OrganizationId; // what the type forbids, a mistake could still bring
    await expect(db.asTenantSql(organization, (sql) => sql.query(STATE))).rejects.toThrow('Invalid UUID');
    await expect(db.asTenant(organization, (tx) => tx.$queryRawUnsafe(STATE))).rejects.toThrow('Invalid UUID');
  });

  it('sees nothing when it does not exist', async () => {
    const nobody = OrganizationId.parse(randomUUID());
    for (const [, work] of works) expect(await work(nobody)).toMatchObject({ messages: 0 });
  });
});
