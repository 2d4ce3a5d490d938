import type { Client } from 'pg';
import { attempt, type Outcome, type Standing } from './attempt.ts';
import type { Table } from './tables.ts';
import type { Tenant } from './tenant.ts';

const VERBS = ['select', 'insert', 'update', 'delete'] as const;
type Verb = (typeof VERBS)[number];

/** Two organizations with rows in every table, and the connections that attacks come by. */
export type AccessWorld = Readonly<{
  /** A superuser: becomes every role, and sees what is there. */
  admin: Client;
  /** The role that the product logs in as. */
  login: Client;
  ours: Tenant;
  theirs: Tenant;
}>;

/**
 * Somebody who comes to the rows of `theirs`. An insider is let at them as far as he is granted to, an outsider is not, and
 * who is locked out is granted nothing to begin with.
 */
type Visitor = Readonly<{
  name: string;
  standing: Standing;
  place: (verb: Verb) => 'insider' | 'outsider' | 'locked out';
}>;

const always = (place: ReturnType<Visitor['place']>) => () => place;
const readsAs = (place: ReturnType<Visitor['place']>) => (verb: Verb) => (verb === 'select' ? place : 'locked out');

const visitors = ({ ours, theirs }: AccessWorld): Visitor[] => [
  { name: 'the nodes', standing: { role: 'app_system' }, place: always('insider') },
  {
    name: 'its own people',
    standing: { role: 'app_tenant', organization: theirs.organization },
    place: always('insider'),
  },
  {
    name: 'people of another organization',
    standing: { role: 'app_tenant', organization: ours.organization },
    place: always('outsider'),
  },
  { name: 'people of no organization', standing: { role: 'app_tenant' }, place: always('outsider') },
  { name: "a member's browser", standing: { role: 'authenticated', user: theirs.user }, place: readsAs('insider') },
  {
    name: "a stranger's browser that names the organization",
    standing: { role: 'authenticated', user: ours.user, organization: theirs.organization },
    place: readsAs('outsider'),
  },
  { name: 'a browser without a person', standing: { role: 'authenticated' }, place: readsAs('outsider') },
  {
    name: 'anon',
    standing: { role: 'anon', user: theirs.user, organization: theirs.organization },
    place: always('locked out'),
  },
  {
    name: 'service_role',
    standing: { role: 'service_role', user: theirs.user, organization: theirs.organization },
    place: always('locked out'),
  },
  {
    name: 'the login role',
    standing: { role: 'none', organization: theirs.organization, user: theirs.user },
    place: always('outsider'),
  },
];

/** What is wrong with who gets at a table, in words; nothing, when grants and policies keep what they promise. */
export async function accessFaults(world: AccessWorld, table: Table): Promise<string[]> {
  const faults: string[] = [];
  const row = await rowOf(world, table);
  if (row === undefined)
    return [`${table.name} has no row to get at: give it one in factories.ts (aTenant, systemRows)`];
  for (const { name, standing, place } of visitors(world)) {
    const rights = await rightsOf(world, standing, table);
    for (const verb of VERBS) {
      const statement = statementOf(verb, table, rights, row, world.theirs);
      const outcome = await attempt(standing.role === 'none' ? world.login : world.admin, standing, statement);
      const expected = expectation(table, verb, place(verb), rights.granted[verb]);
      if (!expected.holds(outcome)) faults.push(`${table.name}: ${verb} by ${name}: ${outcome}, not ${expected.words}`);
    }
  }
  return faults;
}

type Expectation = Readonly<{ words: string; holds: (outcome: Outcome) => boolean }>;

const NOT_GRANTED: Expectation = { words: '"not granted"', holds: (outcome) => outcome === 'not granted' };
const NOTHING: Expectation = {
  words: 'nothing',
  holds: (outcome) => outcome === 0 || outcome === 'not granted' || outcome === 'refused by policy',
};
/** A constraint (class 23) is asked after the policies: whoever comes so far was let in. An append-only table refuses by itself. */
const ROWS: Expectation = {
  words: 'rows',
  holds: (outcome) => (typeof outcome === 'number' ? outcome > 0 : outcome.startsWith('error 23')),
};

function expectation(
  { tenantKey }: Table,
  verb: Verb,
  place: ReturnType<Visitor['place']>,
  granted: boolean,
): Expectation {
  if (place === 'locked out' || (place === 'insider' && !granted)) return NOT_GRANTED;
  // What belongs to no organization shows each his own part of it: `statementOf` asks for the row of `theirs`.
  if (place === 'insider' && (tenantKey !== null || verb === 'select')) return ROWS;
  return place === 'insider' ? { words: 'an answer', holds: (outcome) => outcome !== 'refused by policy' } : NOTHING;
}

type Rights = Readonly<{ granted: Record<Verb, boolean>; change: string }>;

/** What the grants allow a role, as far as a statement needs it that names a row by its key. */
async function rightsOf({ admin }: AccessWorld, { role }: Standing, table: Table): Promise<Rights> {
  const key = keyOf(table);
  const { rows } = await admin.query<{ sees: boolean; insert: boolean; delete: boolean; change: string | null }>(
    `select has_column_privilege(r, t, $3, 'select') as sees, has_table_privilege(r, t, 'insert') as insert,
            has_table_privilege(r, t, 'delete') as delete,
            (select format('%I = %s', c, case when has_column_privilege(r, t, c, 'select') then quote_ident(c) else 'null' end)
               from unnest($4::text[]) c where has_column_privilege(r, t, c, 'update') limit 1) as change
       from (select case $1 when 'none' then $5 else $1 end as r, $2::text as t) asked
      where has_schema_privilege(r, $6, 'usage')`,
    [role, table.name, key, table.columns.filter((column) => column !== key), 'wasel', table.schema],
  );
  const [right] = rows;
  const { sees = false, insert = false, change = null } = right ?? {};
  return {
    granted: { select: sees, insert, update: sees && change !== null, delete: sees && (right?.delete ?? false) },
    change: change ?? `${key} = ${key}`,
  };
}

function statementOf(verb: Verb, table: Table, { change }: Rights, row: Record<string, unknown>, theirs: Tenant) {
  const key = keyOf(table);
  const where = `where ${key} = $1`;
  const values = [table.tenantKey === null ? row[key] : theirs.organization];
  if (verb === 'insert')
    return {
      sql: `insert into ${table.name} overriding system value select * from jsonb_populate_record(null::${table.name}, $1)`,
      values: [row],
    };
  if (verb === 'select') return { sql: `select ${key} from ${table.name} ${where}`, values };
  if (verb === 'update') return { sql: `update ${table.name} set ${change} ${where}`, values };
  return { sql: `delete from ${table.name} ${where}`, values };
}

/** The column that says whose a row is. */
const keyOf = ({ tenantKey, columns }: Table): string => tenantKey ?? (columns[0] as string);

/** A row of `theirs`, or of nobody where rows are nobody's. */
async function rowOf({ admin, theirs }: AccessWorld, table: Table): Promise<Record<string, unknown> | undefined> {
  const key = keyOf(table);
  const { rows } = await admin.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from ${table.name} t ${table.tenantKey === null ? `order by ${key}::text = $1 desc` : `where ${key}::text = $1`} limit 1`,
    [table.tenantKey === null ? theirs.user : theirs.organization],
  );
  return rows[0]?.row;
}
