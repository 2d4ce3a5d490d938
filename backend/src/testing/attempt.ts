import { type Client, DatabaseError } from 'pg';

/** As whom a statement is tried. `none` is the role that logged in. */
export type Standing = Readonly<{
  role: 'none' | 'app_tenant' | 'app_system' | 'authenticated' | 'anon' | 'service_role';
  /** The current organization, as TenantDb sets it. */
  organization?: string;
  /** The person that auth.uid() answers with, as Supabase's API sets it. */
  user?: string;
}>;

/** Rows that were read or changed; or who said no: the grants, a policy, or a constraint by its SQLSTATE. */
export type Outcome = number | 'not granted' | 'refused by policy' | `error ${string}`;

export type Attempt = Readonly<{
  sql: string;
  values?: readonly unknown[];
  /** Runs before, in the same transaction as the system; what fails is skipped. */
  after?: readonly { sql: string; values?: readonly unknown[] }[];
}>;

const INSUFFICIENT_PRIVILEGE = '42501';

/** Tries a statement in a transaction that is rolled back, whatever comes of it. */
export async function attempt(
  client: Client,
  standing: Standing,
  { sql, values, after = [] }: Attempt,
): Promise<Outcome> {
  await client.query('begin');
  try {
    await assume(client, { role: 'app_system' });
    for (const before of after) await tolerate(client, before);
    await assume(client, standing);
    const { rowCount } = await client.query(sql, values as unknown[]);
    return rowCount ?? 0;
  } catch (error) {
    return outcomeOf(error);
  } finally {
    await client.query('rollback');
  }
}

async function assume(client: Client, { role, organization = '', user }: Standing): Promise<void> {
  await client.query(
    `select set_config('app.organization_id', $2, true), set_config('request.jwt.claims', $3, true), set_config('role', $1, true)`,
    [role, organization, user === undefined ? '' : JSON.stringify({ sub: user, role })],
  );
}

async function tolerate(client: Client, { sql, values }: Attempt): Promise<void> {
  await client.query('savepoint before');
  await client.query(sql, values as unknown[]).catch(() => client.query('rollback to savepoint before'));
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof DatabaseError)) throw error;
  if (error.code !== INSUFFICIENT_PRIVILEGE) return `error ${error.code ?? ''}`;
  return error.message.includes('row-level security') ? 'refused by policy' : 'not granted';
}
