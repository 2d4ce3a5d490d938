import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { attempt, type Attempt, type Outcome, type Standing } from '../../testing/attempt.ts';
import { aSuspension } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { type Table, tablesOf } from '../../testing/tables.ts';
import { aTenant, systemRows, type Tenant } from '../../testing/tenant.ts';

/** Roles that are not the API: a browser that talks to Supabase directly, its other roles, and the login role by itself. */
let database: OpenDatabase;
let admin: Client;
let login: Client;
let ours: Tenant;
let theirs: Tenant;
let tables: Table[];

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  login = await database.logIn();
  ours = await aTenant(admin, 'Ours');
  theirs = await aTenant(admin, 'Theirs');
  await systemRows(admin);
  for (const { organization } of [ours, theirs]) await aSuspension(admin, organization);
  tables = await tablesOf(admin);
});
afterAll(() => database.close());

/** What a browser must not see of rows that it may see. A new column is in here, or was granted on purpose. */
const HIDDEN = {
  'public.alerts': ['mailed_to'],
  'public.automation_runs': ['detail'],
  'public.automations': ['created_by', 'enabled_at', 'plan_at'],
  'public.broadcast_recipients': ['lid'],
  'public.contact_days': ['key'],
  'public.contacts': ['lid', 'updated_at'],
  'public.conversations': ['established'],
  'public.group_events': ['actor_lid', 'key', 'lid'],
  'public.group_participants': ['changed_at', 'lid'],
  'public.group_pictures': [
    'asked_until',
    'changed_at',
    'changed_to',
    'image',
    'looked_at',
    'state',
    'tries',
    'wanted_at',
  ],
  'public.group_sessions': ['stale_at'],
  'public.groups': ['told_at', 'addressing'],
  'public.jobs': ['applied', 'count_after'],
  'public.media': [
    'sha256',
    'storage_key',
    'voice_storage_key',
    'voice_size_bytes',
    'preparation_tries',
    'prepare_after',
  ],
  'public.messages': ['payload', 'expires_at', 'origin_conversation_id'],
  'public.notifications': ['contact_day_id', 'due_at', 'error_detail', 'subject'],
  'public.organizations': ['updated_at'],
  'public.sessions': [
    'whatsapp_jid',
    'whatsapp_lid',
    'groups_told_as',
    'intent',
    'intent_version',
    'proxy_version',
    'settled_version',
    'updated_at',
  ],
  'public.users': ['updated_at'],
};

const ourBrowser = (): Standing => ({ role: 'authenticated', user: ours.user });
/** The login role of the tests is no member of Supabase's roles, so these statements come from the superuser, as that role. */
const inBrowser = (attack: Attempt, standing = ourBrowser()) => attempt(admin, standing, attack);

async function eachTable(schema: string, work: (table: Table) => Promise<Outcome>): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const table of tables.filter((one) => one.schema === schema)) outcomes[table.name] = await work(table);
  return outcomes;
}

const all = (outcomes: Record<string, Outcome>, outcome: Outcome) =>
  Object.fromEntries(Object.keys(outcomes).map((name) => [name, outcome]));

describe('a browser', () => {
  it('reads rows of its own organizations', async () => {
    const tenantKey = (table: Table) => table.tenantKey ?? 'id';
    const seen = await eachTable('public', (table) =>
      inBrowser({ sql: `select distinct ${tenantKey(table)} from ${table.name}` }),
    );
    expect(seen).toEqual(all(seen, 1));
    for (const table of tables.filter(({ schema }) => schema === 'public')) {
      const key = table.tenantKey === null ? theirs.user : theirs.organization;
      const attack = { sql: `select from ${table.name} where ${tenantKey(table)} = $1`, values: [key] };
      expect({ [table.name]: await inBrowser(attack) }).toEqual({ [table.name]: 0 });
      const owner = await inBrowser(attack, { role: 'authenticated', user: theirs.user });
      expect({ [table.name]: owner }).not.toEqual({ [table.name]: 0 });
    }
  });

  it('reads each column but those that are hidden from it', async () => {
    const hidden: Record<string, string[]> = {};
    for (const { name, columns } of tables.filter(({ schema }) => schema === 'public')) {
      for (const column of columns) {
        const outcome = await inBrowser({ sql: `select ${column} from ${name}` });
        if (outcome === 'not granted') (hidden[name] ??= []).push(column);
      }
    }
    const sorted = (columns: Record<string, string[]>) =>
      Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, list.toSorted()]));
    expect(sorted(hidden)).toEqual(sorted(HIDDEN));
  });

  it('reads nothing once its membership has ended', async () => {
    const ended = { sql: 'delete from memberships where user_id = $1', values: [ours.user] };
    const seen = await eachTable('public', ({ name, tenantKey }) =>
      inBrowser({ sql: `select ${tenantKey ?? 'id'} from ${name}`, after: [ended] }),
    );
    expect(seen).toEqual({ ...all(seen, 0), 'public.users': 1 });
  });

  it('writes nothing anywhere', async () => {
    for (const write of [
      ({ name, columns }: Table) => `update ${name} set ${columns[0]} = ${columns[0]}`,
      ({ name }: Table) => `delete from ${name}`,
      ({ name }: Table) => `insert into ${name} default values`,
      ({ name }: Table) => `truncate ${name} cascade`,
    ]) {
      for (const table of tables)
        expect({ [write(table)]: await inBrowser({ sql: write(table) }) }).toEqual({ [write(table)]: 'not granted' });
    }
  });

  it('gains nothing by naming an organization', async () => {
    const attack = { sql: 'select id from messages where organization_id = $1', values: [theirs.organization] };
    expect(await inBrowser(attack, { ...ourBrowser(), organization: theirs.organization })).toBe(0);
  });

  it('without a person sees nothing', async () => {
    const seen = await eachTable('public', ({ name, tenantKey }) =>
      inBrowser({ sql: `select ${tenantKey ?? 'id'} from ${name}` }, { role: 'authenticated' }),
    );
    expect(seen).toEqual(all(seen, 0));
  });
});

describe('schema private', () => {
  it.each(['authenticated', 'anon', 'service_role'] as const)('is closed to %s', async (role) => {
    const seen = await eachTable('private', ({ name }) => inBrowser({ sql: `select from ${name}` }, { role }));
    expect(seen).toEqual(all(seen, 'not granted'));
    const hold = { sql: 'select private.hold_lease($1, 3)', values: [ours.session] };
    expect(await inBrowser(hold, { role, organization: ours.organization })).toBe('not granted');
  });

  it('shows secrets to no role that works for a person', async () => {
    const secrets = [
      'select sealed from private.session_keys',
      'select sealed from private.session_inbox',
      'select sealed from private.mails',
      'select password from private.auth_accounts',
      'select token from private.auth_sessions',
      'select hash from private.api_keys',
      'select token_hash from private.invitations',
      'select private_key from private.auth_jwks',
      'select value from private.auth_verifications',
    ];
    for (const sql of secrets) {
      for (const role of ['app_tenant', 'authenticated', 'anon', 'service_role'] as const) {
        const outcome = await attempt(admin, { role, organization: ours.organization, user: ours.user }, { sql });
        expect({ [`${role}: ${sql}`]: outcome }).toEqual({ [`${role}: ${sql}`]: 'not granted' });
      }
      expect({ [sql]: await attempt(login, { role: 'app_system' }, { sql }) }).not.toEqual({ [sql]: 0 });
    }
  });
});

describe("Supabase's other roles", () => {
  it.each(['anon', 'service_role'] as const)('%s reads no table', async (role) => {
    const seen = await eachTable('public', ({ name }) => inBrowser({ sql: `select from ${name}` }, { role }));
    expect(seen).toEqual(all(seen, 'not granted'));
  });
});

describe('the login role', () => {
  it('by itself sees nothing and changes nothing, and is told nothing', async () => {
    for (const { name, columns } of tables) {
      for (const sql of [
        `select * from ${name}`,
        `update ${name} set ${columns.at(-1)} = ${columns.at(-1)}`,
        `delete from ${name}`,
      ]) {
        const refused = name.endsWith('audit_logs') && !sql.startsWith('select'); // append-only, even for its owner
        expect({ [sql]: await attempt(login, { role: 'none', organization: ours.organization }, { sql }) }).toEqual({
          [sql]: refused ? 'not granted' : 0,
        });
      }
    }
  });

  it('adds nothing either', async () => {
    const sql = `insert into organizations (id, name, country, language, time_zone) values (gen_random_uuid(), 'x', 'IL', 'he', 'x')`;
    expect(await attempt(login, { role: 'none' }, { sql })).toBe('refused by policy');
    expect(await attempt(login, { role: 'app_system' }, { sql })).toBe(1);
  });

  it('becomes nobody but the two roles of the API', async () => {
    for (const role of ['authenticated', 'anon', 'service_role', 'postgres'])
      expect(await attempt(login, { role: 'none' }, { sql: `set local role ${role}` })).toBe('not granted');
    for (const role of ['app_tenant', 'app_system'])
      expect(await attempt(login, { role: 'none' }, { sql: `set local role ${role}` })).toBe(0);
  });
});
