import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { anOrganization } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { TenantDb } from '../database/tenant-db.ts';
import { IdempotencyKeyReused, RequestInvalid } from './http.errors.ts';
import { Idempotency } from './idempotency.ts';

let database: OpenDatabase;
let db: TenantDb;
let ours: OrganizationId;
let theirs: OrganizationId;
let key: string;
let executions: number;

beforeAll(async () => {
  database = await openDatabase();
  [ours, theirs] = [await anOrganization(database.admin), await anOrganization(database.admin)];
  db = new TenantDb(database.pool('app_tenant', 4));
});
afterAll(() => database.close());
beforeEach(() => {
  key = newId();
  executions = 0;
});

const idempotency = new Idempotency();
const BODY = { to: '+972501234567', text: 'Hello' };

type Made = {
  over?: { organization?: OrganizationId; key?: string | null; body?: unknown };
  work?: () => Promise<void>;
};

/** A request, numbered by how often the work was done. */
const request = ({ over = {}, work }: Made = {}): Promise<{ execution: number }> => {
  const { organization = ours, body = BODY } = over;
  return db.asTenantSql(organization, (sql) =>
    idempotency.run(sql, organization, over.key === undefined ? key : over.key, body, async () => {
      executions += 1;
      const execution = executions;
      await work?.();
      return { execution };
    }),
  );
};

/** Until another request waits for the transaction that holds the key. */
const untilOneWaits = () =>
  until('a request that waits for the key', async () => {
    const { rowCount } = await database.admin.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%idempotency_keys%'`,
    );
    return (rowCount ?? 0) > 0;
  });

describe('a request with an Idempotency-Key', () => {
  it('is done once, however often it comes', async () => {
    expect([await request(), await request(), await request()]).toEqual([
      { execution: 1 },
      { execution: 1 },
      { execution: 1 },
    ]);
    expect(executions).toBe(1);
  });

  it('is done once when it comes twice at the same time: the second waits for the answer of the first', async () => {
    let second: Promise<{ execution: number }> | undefined;
    const first = await request({
      work: async () => {
        second = request();
        await untilOneWaits();
      },
    });
    expect([first, await second]).toEqual([{ execution: 1 }, { execution: 1 }]);
    expect(executions).toBe(1);
  });

  it('is done by the second when the first fails under way', async () => {
    let second: Promise<{ execution: number }> | undefined;
    const first = request({
      work: async () => {
        second = request();
        await untilOneWaits();
        throw new Error('no room');
      },
    });
    await expect(first).rejects.toThrow('no room');
    expect(await second).toEqual({ execution: 2 });
    expect(await request()).toEqual({ execution: 2 });
  });

  it('is refused when it asks for something else', async () => {
    await request();
    await expect(request({ over: { body: { ...BODY, text: 'Bye' } } })).rejects.toBeInstanceOf(IdempotencyKeyReused);
    expect(executions).toBe(1);
  });

  it('has nothing to do with the same key of another organization', async () => {
    await request();
    expect(await request({ over: { organization: theirs, body: { other: true } } })).toEqual({ execution: 2 });
  });

  it('is refused when its key is too long', async () => {
    await expect(request({ over: { key: 'x'.repeat(201) } })).rejects.toBeInstanceOf(RequestInvalid);
    expect(await request({ over: { key: 'x'.repeat(200) } })).toEqual({ execution: 1 });
  });
});

it('a request without a key is done each time', async () => {
  expect([await request({ over: { key: null } }), await request({ over: { key: null } })]).toEqual([
    { execution: 1 },
    { execution: 2 },
  ]);
});
