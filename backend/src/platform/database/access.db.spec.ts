import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessFaults, type AccessWorld } from '../../testing/access.ts';
import { aSuspension } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { type Table, tablesOf } from '../../testing/tables.ts';
import { aTenant, systemRows } from '../../testing/tenant.ts';

/**
 * Every table, verb and role that the catalogue knows, now or later: what is granted is got by whose it is, and by nobody else.
 * The spoilt databases below prove that each policy is seen to matter.
 */
let database: OpenDatabase;
let world: AccessWorld;
let tables: Table[];

beforeAll(async () => {
  database = await openDatabase();
  const { admin } = database;
  world = {
    admin,
    login: await database.logIn(),
    ours: await aTenant(admin, 'Ours'),
    theirs: await aTenant(admin, 'Theirs'),
  };
  await systemRows(admin);
  for (const { organization } of [world.ours, world.theirs]) await aSuspension(admin, organization);
  // A partition has its parent's policies; it is reached through it, and by nobody but the nodes.
  tables = (await tablesOf(admin)).filter(({ partition }) => !partition);
});
afterAll(() => database.close());

const tableOf = (name: string): Table => {
  const found = tables.find((table) => table.name === name);
  if (!found) throw new Error(`there is no table ${name}`);
  return found;
};

/** What is found out while `spoil` is in force. */
async function faultsWhile(table: string, spoil: string, mend: string): Promise<string[]> {
  await world.admin.query(spoil);
  try {
    return await accessFaults(world, tableOf(table));
  } finally {
    await world.admin.query(mend);
  }
}

it('gives every role what it is granted of its own, and nothing else, in every table', async () => {
  const faults: string[] = [];
  for (const table of tables) faults.push(...(await accessFaults(world, table)));
  expect(faults).toEqual([]);
  expect(tables.length).toBeGreaterThanOrEqual(24);
});

describe('a database that is spoilt', () => {
  type Policy = {
    table: string;
    name: string;
    roles: string;
    verb: string;
    using: string | null;
    check: string | null;
  };

  const policies = async (): Promise<Policy[]> => {
    const { rows } = await world.admin.query<Policy>(
      `select schemaname || '.' || tablename as table, policyname as name, array_to_string(roles, ', ') as roles, cmd as verb,
              qual as using, with_check as check
         from pg_policies where schemaname || '.' || tablename = any ($1) order by 1, 2`,
      [tables.map(({ name }) => name)],
    );
    return rows;
  };

  const create = ({ table, name, roles, verb, using, check }: Policy, over = { using, check }): string =>
    `create policy ${name} on ${table} for ${verb} to ${roles}${over.using === null ? '' : ` using (${over.using})`}${over.check === null ? '' : ` with check (${over.check})`}`;
  const drop = ({ table, name }: Policy): string => `drop policy ${name} on ${table}`;

  it('by the loss of any policy is found out', async () => {
    const unnoticed: string[] = [];
    const all = await policies();
    for (const policy of all) {
      const faults = await faultsWhile(policy.table, drop(policy), create(policy));
      if (faults.length === 0) unnoticed.push(`${policy.table}: ${policy.name}`);
    }
    expect(unnoticed).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(45);
  });

  it('by any policy that lets everybody of its role in is found out', async () => {
    const unnoticed: string[] = [];
    for (const policy of (await policies()).filter(({ using }) => using !== 'true')) {
      const open = create(policy, { using: 'true', check: policy.check === null ? null : 'true' });
      const faults = await faultsWhile(policy.table, `${drop(policy)}; ${open}`, `${drop(policy)}; ${create(policy)}`);
      if (faults.length === 0) unnoticed.push(`${policy.table}: ${policy.name}`);
    }
    expect(unnoticed).toEqual([]);
  });

  it.each(['disable row level security', 'no force row level security'])(
    'by "%s" on any table is found out',
    async (how) => {
      const unnoticed: string[] = [];
      for (const { name } of tables) {
        const faults = await faultsWhile(
          name,
          `alter table ${name} ${how}`,
          `alter table ${name} enable row level security, force row level security`,
        );
        if (faults.length === 0) unnoticed.push(name);
      }
      expect(unnoticed).toEqual([]);
    },
  );

  it.each(['select', 'insert', 'update', 'delete'])(
    'by a grant of %s to a browser on any table is found out',
    async (verb) => {
      const unnoticed: string[] = [];
      for (const { name } of tables.filter(({ schema }) => verb !== 'select' || schema === 'private')) {
        const faults = await faultsWhile(
          name,
          `grant usage on schema private to anon; grant ${verb}, select on ${name} to anon`,
          `revoke all on ${name} from anon; revoke usage on schema private from anon`,
        );
        if (faults.length === 0) unnoticed.push(name);
      }
      expect(unnoticed).toEqual([]);
    },
  );

  it('is whole again afterwards', async () => {
    const faults: string[] = [];
    for (const table of tables) faults.push(...(await accessFaults(world, table)));
    expect(faults).toEqual([]);
  });
});
