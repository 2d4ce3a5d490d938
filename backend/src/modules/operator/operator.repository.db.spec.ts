import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { SystemClock } from '../../kernel/clock.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aTenant } from '../../testing/tenant.ts';
import { OperatorRepository } from './operator.repository.ts';

const ORGANIZATIONS = 10_000;

let database: OpenDatabase;
let pool: pg.Pool;
let repository: OperatorRepository;

beforeAll(async () => {
  database = await openDatabase();
  const { admin } = database;
  const { organization, session, conversation } = await aTenant(admin, 'Busy');
  await admin.query(
    `with o as (
       insert into organizations (id, name, country, language, time_zone)
       select gen_random_uuid(), 'Agency ' || n, 'IL', 'he', 'UTC' from generate_series(1, $1) n returning id
     ), u as (
       insert into users (id, email) select id, id || '@example.com' from o returning id
     )
     insert into memberships (organization_id, user_id, role) select id, id, 'owner' from u`,
    [ORGANIZATIONS],
  );
  await admin.query(
    `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id)
     select $1, (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - n * 60000), 12, '0') || '7' ||
              substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
            $2, $3, 'inbound', 'text', 'x', 'received', 'W' || n
       from generate_series(1, 20000) n`,
    [organization, session, conversation],
  );
  // Every organization has some of before, whose conversations nobody needs here.
  await admin.query(`begin; set local session_replication_role = replica;
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, status, whatsapp_message_id)
    select o.id, ('01890a5d-ac96-774b-bcce-b302099a80' || lpad(to_hex(n), 2, '0'))::uuid, o.id, o.id, 'inbound', 'text', 'received', 'B' || n
      from organizations o, generate_series(1, 5) n;
    commit`);
  await admin.query('analyze');
  pool = database.pool('app_system', 1);
  repository = new OperatorRepository(new SystemClock());
}, 60_000);
afterAll(() => database.close());

/** Lists while it counts what is asked of the database. */
async function listing(query: { search?: string; limit: number }) {
  const asked: string[] = [];
  const system = new SystemDb({
    query: (statement: pg.QueryConfig) => {
      asked.push(statement.text);
      return pool.query(statement);
    },
  } as unknown as pg.Pool);
  const page = await repository.list(system, query);
  return { page, asked };
}

describe('ten thousand organizations', () => {
  it.each([{ limit: 1 }, { limit: 100 }, { search: 'agency 99', limit: 100 }, { search: '@EXAMPLE.com', limit: 100 }])(
    'are listed by one statement, however many are shown: %p',
    async (query) => {
      const { page, asked } = await listing(query);
      expect(asked).toHaveLength(1);
      expect(page.items).toHaveLength(query.limit);
      expect(page.next_cursor).toEqual(expect.any(String));
    },
  );

  it('are told from each other: messages of a day are counted where they are, and those of before not', async () => {
    const { page } = await listing({ search: 'Busy', limit: 10 });
    expect(page.items).toEqual([expect.objectContaining({ name: 'Busy', member_count: 1 })]);
    expect(page.items[0]?.messages_24h).toBeGreaterThan(1_430);
    expect(page.items[0]?.messages_24h).toBeLessThan(1_445);
  });

  it('are counted by indexes, and no message is read but those of the last day', async () => {
    const { asked } = await listing({ limit: 100 });
    const plans = await pool.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) ${asked[0]}`, [
      `${Date.now().toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')}-7000-8000-000000000000`,
      null,
      null,
      false,
      101,
    ]);
    const plan = plans.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index (Only )?Scan.* on messages/);
    expect(plan).not.toMatch(/Seq Scan on (messages|memberships|users)/);
    expect(Number(/Execution Time: ([\d.]+) ms/.exec(plan)?.[1])).toBeLessThan(1_000);
  });
});
