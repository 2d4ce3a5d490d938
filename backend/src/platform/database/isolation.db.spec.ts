import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { attempt, type Attempt, type Outcome } from '../../testing/attempt.ts';
import { aSuspension } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { type Reference, type Table, tablesOf } from '../../testing/tables.ts';
import { aTenant, systemRows, type Tenant } from '../../testing/tenant.ts';

/**
 * Two organizations, and every table that the catalogue knows, now or later. Each attack is made by a stranger and, so that
 * the test is not blind, by the organization whose rows they are.
 */
let database: OpenDatabase;
let admin: Client;
let login: Client;
let ours: Tenant;
let theirs: Tenant;
let tables: Table[];
let owned: (Table & { tenantKey: string })[];

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  login = await database.logIn();
  ours = await aTenant(admin, 'Ours');
  theirs = await aTenant(admin, 'Theirs');
  await systemRows(admin);
  for (const { organization } of [ours, theirs]) await aSuspension(admin, organization);
  tables = await tablesOf(admin);
  owned = tables.flatMap((table) => (table.tenantKey === null ? [] : [{ ...table, tenantKey: table.tenantKey }]));
});
afterAll(() => database.close());

const asTenant = (tenant: Tenant, attack: Attempt): Promise<Outcome> =>
  attempt(login, { role: 'app_tenant', organization: tenant.organization }, attack);

/** What the stranger and the owner get from the same attack on the rows of `theirs`, by table. */
async function onTheirRows(attack: (table: Table & { tenantKey: string }) => Attempt | Promise<Attempt>) {
  const stranger: Record<string, Outcome> = {};
  const owner: Record<string, Outcome> = {};
  for (const table of owned) {
    const made = await attack(table);
    stranger[table.name] = await asTenant(ours, made);
    owner[table.name] = await asTenant(theirs, made);
  }
  return { stranger, owner };
}

/** Names of tables whose outcome is one of these, without the partitions of facts, which are as many as days are kept. */
const where = (outcomes: Record<string, Outcome>, test: (outcome: Outcome) => boolean): string[] =>
  Object.entries(outcomes).flatMap(([name, outcome]) =>
    test(outcome) && !tables.some((table) => table.partition && table.name === name) ? [name] : [],
  );
const denied = (outcome: Outcome) => outcome === 'not granted';

/** Sets a column that tenants may write, to what it is where they may read it too; else the organization. */
async function harmlessChange(table: Table & { tenantKey: string }): Promise<string> {
  const { rows } = await admin.query<{ column: string; readable: boolean }>(
    `select c as column, has_column_privilege('app_tenant', $1, c, 'select') as readable
       from unnest($2::text[]) c where has_column_privilege('app_tenant', $1, c, 'update') limit 1`,
    [table.name, table.columns.filter((column) => column !== table.tenantKey)],
  );
  const { column, readable } = rows[0] ?? { column: table.tenantKey, readable: true };
  return `update ${table.name} set ${column} = ${readable ? column : 'null'}`;
}

/** The first row of a tenant, as JSON. */
async function rowOf(table: Table & { tenantKey: string }, tenant: Tenant): Promise<Record<string, unknown>> {
  const { rows } = await admin.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from ${table.name} t where ${table.tenantKey} = $1 limit 1`,
    [tenant.organization],
  );
  return rows[0]?.row ?? { [table.tenantKey]: tenant.organization };
}

const insertInto = (table: Table, row: Record<string, unknown>): Attempt => ({
  sql: `insert into ${table.name} overriding system value select * from jsonb_populate_record(null::${table.name}, $1)`,
  values: [row],
});

it('has rows of both organizations in every table of tenants, so that every attack has something to win', async () => {
  for (const table of owned.filter(({ partition }) => !partition)) {
    const { rows } = await admin.query(`select distinct ${table.tenantKey} as id from ${table.name} order by 1`);
    expect({ [table.name]: rows }).toEqual({ [table.name]: [{ id: ours.organization }, { id: theirs.organization }] });
  }
  expect(owned.length).toBeGreaterThanOrEqual(17);
});

describe("another organization's rows", () => {
  it('cannot be read; their owner reads them, but for keys, mails and the log of facts', async () => {
    const { stranger, owner } = await onTheirRows(({ name, tenantKey }) => ({
      sql: `select ${tenantKey} from ${name} where ${tenantKey} = $1`,
      values: [theirs.organization],
    }));
    expect(where(owner, denied)).toEqual(['private.facts', 'private.mails', 'private.session_keys']);
    expect(where(owner, (outcome) => outcome === 0)).toEqual([]);
    for (const [name, outcome] of Object.entries(owner))
      expect({ [name]: stranger[name] }).toEqual({ [name]: denied(outcome) ? 'not granted' : 0 });
  });

  it('do not appear where nothing says whose rows are meant', async () => {
    for (const { name, tenantKey } of owned) {
      const outcome = await attempt(login, { role: 'app_tenant' }, { sql: `select ${tenantKey} from ${name}` });
      expect({ [name]: [0, 'not granted'].includes(outcome) }).toEqual({ [name]: true });
    }
  });

  it('cannot be changed', async () => {
    const { stranger, owner } = await onTheirRows(async (table) => ({
      sql: `${await harmlessChange(table)} where ${table.tenantKey} = $1`,
      values: [theirs.organization],
    }));
    expect(where(owner, denied)).toEqual([
      'private.alert_deliveries',
      'private.alert_destinations',
      'private.audit_logs',
      'private.automation_events',
      'private.contact_evidence',
      'private.contact_separations',
      'private.facts',
      'private.import_rows',
      'private.invitations',
      'private.mails',
      'private.number_check_requests',
      'private.organization_deletions',
      'private.organization_suspensions',
      'private.session_keys',
      'private.session_leases',
      'private.session_proxies',
      'private.webhook_attempts',
      'private.webhook_events',
      'public.automation_runs',
      'public.broadcast_recipients',
      'public.broadcasts',
      'public.message_attempts',
      'public.message_retries',
    ]);
    expect(where(owner, (outcome) => outcome === 0)).toEqual([]);
    for (const [name, outcome] of Object.entries(owner))
      expect({ [name]: stranger[name] }).toEqual({ [name]: denied(outcome) ? 'not granted' : 0 });
  });

  it('are not touched by a change or a deletion that says nothing of the organization', async () => {
    for (const table of owned.filter(({ partition }) => !partition)) {
      for (const sql of [await harmlessChange(table), `delete from ${table.name}`]) {
        const all = await attempt(login, { role: 'app_system' }, { sql });
        const own = await asTenant(ours, { sql });
        expect({ [sql]: typeof all !== 'number' || typeof own !== 'number' || own * 2 === all }).toEqual({
          [sql]: true,
        });
      }
    }
  });

  it('cannot be deleted', async () => {
    const { stranger, owner } = await onTheirRows(({ name, tenantKey }) => ({
      sql: `delete from ${name} where ${tenantKey} = $1`,
      values: [theirs.organization],
    }));
    expect(where(owner, (outcome) => !denied(outcome))).toEqual([
      'private.alert_destinations',
      'private.contact_separations',
      'private.group_actions',
      'private.group_additions',
      'private.idempotency_keys',
      'private.import_rows',
      'private.imports',
      'private.invitations',
      'private.media_requests',
      'private.number_check_requests',
      'private.organization_deletions',
      'private.outbox',
      'private.parked_group_receipts',
      'private.parked_receipts',
      'private.reads',
      'private.session_inbox',
      'private.session_proxies',
      'private.unsettled_objects',
      'private.webhook_endpoints',
      'private.webhook_secrets',
      'public.automations',
      'public.contact_days',
      'public.contact_list_members',
      'public.contact_lists',
      'public.contact_tags',
      'public.contacts',
      'public.conversations',
      'public.group_participants',
      'public.memberships',
      'public.message_reactions',
      'public.message_receipts',
      'public.message_versions',
      'public.poll_votes',
      'public.tags',
      'public.template_uses',
      'public.templates',
    ]);
    expect(where(owner, (outcome) => outcome === 0)).toEqual([]);
    for (const [name, outcome] of Object.entries(owner))
      expect({ [name]: stranger[name] }).toEqual({ [name]: denied(outcome) ? 'not granted' : 0 });
  });

  it('cannot be planted', async () => {
    const { stranger, owner } = await onTheirRows(async (table) => insertInto(table, await rowOf(table, theirs)));
    // The very row is there already; the log takes another.
    expect(where(owner, (outcome) => outcome !== 'error 23505')).toEqual([
      'private.facts',
      'private.organization_suspensions',
      'private.session_inbox',
      'private.session_keys',
      'private.webhook_attempts',
      'public.message_attempts',
    ]);
    expect(owner['private.facts']).toBe(1);
    for (const [name, outcome] of Object.entries(owner))
      expect({ [name]: stranger[name] }).toEqual({ [name]: denied(outcome) ? 'not granted' : 'refused by policy' });
  });

  it('cannot be made of our own', async () => {
    const outcomes: Record<string, Outcome> = {};
    for (const { name, tenantKey } of owned) {
      const sql = `update ${name} set ${tenantKey} = $2 where ${tenantKey} = $1`;
      outcomes[name] = await asTenant(ours, { sql, values: [ours.organization, theirs.organization] });
    }
    expect(where(outcomes, (outcome) => !denied(outcome) && outcome !== 'refused by policy')).toEqual([]);
    expect(where(outcomes, denied)).toEqual([
      'private.alert_deliveries',
      'private.alert_destinations',
      'private.api_keys',
      'private.audit_logs',
      'private.automation_events',
      'private.contact_evidence',
      'private.contact_separations',
      'private.facts',
      'private.import_rows',
      'private.invitations',
      'private.mails',
      'private.number_check_requests',
      'private.organization_deletions',
      'private.organization_suspensions',
      'private.session_inbox',
      'private.session_keys',
      'private.session_leases',
      'private.session_proxies',
      'private.webhook_attempts',
      'private.webhook_events',
      'private.webhook_secrets',
      'public.automation_runs',
      'public.broadcast_recipients',
      'public.broadcasts',
      'public.group_events',
      'public.message_attempts',
      'public.message_retries',
    ]);
  });
});

/** A row refers to one of two: what it refers to in the other's place is to be taken away. */
const IN_ITS_PLACE: Readonly<Record<string, string>> = {
  'public.conversations (group_id) -> public.groups': 'contact_id',
};

describe('a row of ours', () => {
  /** Out of the way of unique indexes, which would answer first. What other rows hang on stays. */
  const cleared = (table: Table & { tenantKey: string }, ...tenants: Tenant[]) =>
    tenants.map((tenant) => ({
      sql: `delete from ${table.name} where ${table.tenantKey} = $1`,
      values: [tenant.organization],
    }));

  const everyReference = () =>
    owned.flatMap((table) =>
      table.references.map((reference) => ({ table, reference, path: pathOf(table, reference) })),
    );
  const pathOf = (table: Table, { columns, to }: Reference) => `${table.name} (${columns.join(', ')}) -> ${to}`;

  async function theirValues({ to, toColumns }: Reference): Promise<unknown[]> {
    const target = owned.find(({ name }) => name === to);
    if (!target) throw new Error(`${to} is no table of tenants`);
    const row = await rowOf(target, theirs);
    return toColumns.map((column) => row[column]);
  }

  it('cannot be pointed at one of theirs, by a tenant or by the system', async () => {
    const paths: string[] = [];
    for (const { table, reference, path } of everyReference()) {
      const other = IN_ITS_PLACE[path];
      const own = reference.columns.map((column, n) => `${column} = $${n + 2}`);
      const assignments = [...own, ...(other ? [`${other} = null`] : [])].join(', ');
      const attack = {
        sql: `update ${table.name} set ${assignments} where ${table.tenantKey} = $1`,
        values: [ours.organization, ...(await theirValues(reference))],
        after: cleared(table, theirs),
      };
      const outcome = await asTenant(ours, attack);
      expect({ [path]: ['not granted', 'error 23503'].includes(String(outcome)) }).toEqual({ [path]: true });
      expect({ [path]: await attempt(login, { role: 'app_system' }, attack) }).toEqual({ [path]: 'error 23503' });
      paths.push(path);
    }
    expect(paths).toContain('public.messages (conversation_id) -> public.conversations');
    expect(paths.length).toBeGreaterThanOrEqual(14);
  });

  it('cannot be made to point at one of theirs; at one of ours it can', async () => {
    for (const { table, reference, path } of everyReference()) {
      const ownId = table.columns.includes('id') && !table.references.some(({ columns }) => columns.includes('id'));
      const own = { ...(await rowOf(table, ours)), ...(ownId ? { id: randomUUID() } : {}) };
      const values = await theirValues(reference);
      const other = IN_ITS_PLACE[path];
      const pointed = Object.fromEntries(reference.columns.map((column, n) => [column, values[n]]));
      const crossed = { ...own, ...pointed, ...(other ? { [other]: null } : {}) };
      const after = cleared(table, ours, theirs);
      const honest = await asTenant(ours, { ...insertInto(table, own), after });
      // 23505: a conversation has messages, so it could not be cleared away; one more of the same is refused.
      expect({ [path]: ['not granted', 1, 'error 23505'].includes(honest) }).toEqual({ [path]: true });
      const outcome = await asTenant(ours, { ...insertInto(table, crossed), after });
      // A row that refers to its own kind keeps what is unique of it, which may answer first; the update above shows the rest.
      const twice = honest === 'error 23505' && reference.to === table.name && outcome === honest;
      expect({ [path]: outcome }).toEqual({
        [path]: denied(honest) ? 'not granted' : twice ? honest : 'error 23503',
      });
    }
  });
});

describe('what belongs to no organization', () => {
  it('is closed to tenants, but for the colleagues of the current organization', async () => {
    for (const { name } of tables.filter(({ tenantKey }) => tenantKey === null)) {
      const outcome = await asTenant(ours, { sql: `select * from ${name}` });
      expect({ [name]: outcome }).toEqual({ [name]: name === 'public.users' ? 1 : 'not granted' });
      for (const sql of [`delete from ${name}`, `insert into ${name} default values`, `truncate ${name} cascade`])
        expect({ [sql]: await asTenant(ours, { sql }) }).toEqual({ [sql]: 'not granted' });
    }
  });

  it('shows a tenant its own people only, by whatever way they are asked for', async () => {
    const find = { sql: 'select email from users where id = any ($1)', values: [[ours.user, theirs.user]] };
    await login.query('begin');
    await login.query(`select set_config('role', 'app_tenant', true), set_config('app.organization_id', $1, true)`, [
      ours.organization,
    ]);
    const { rows } = await login.query(find.sql, find.values);
    await login.query('rollback');
    expect(rows).toEqual([{ email: `${ours.user}@example.com` }]);
  });

  it('includes leases: a tenant can hold its own, and neither holds nor learns of one of theirs', async () => {
    const hold = { sql: 'select from private.hold_lease($1, $2) held where held', values: [theirs.session, 3] };
    expect(await asTenant(theirs, hold)).toBe(1);
    expect(await asTenant(ours, hold)).toBe(0);
    expect(await asTenant(theirs, { ...hold, values: [theirs.session, 2] })).toBe(0);
  });
});
