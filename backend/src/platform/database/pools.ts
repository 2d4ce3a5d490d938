import pg from 'pg';
import type { Config } from '../../config/config.ts';

/** Roles of the database that the application works as; the login role that it connects as can read nothing. */
export type DatabaseRole = 'app_tenant' | 'app_system';

/** A transaction left open holds the horizon that followers of facts wait for, so the server ends it. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A pool whose connections act as `role` from their first statement on. The role is set by a statement and not by a
 * start-up option, because connection poolers drop those.
 */
export function createPool(config: Pick<Config, 'database'>, role: DatabaseRole, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: config.database.url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    application_name: `wasel ${role}`,
    // oxlint-disable-next-line typescript/no-misused-promises -- pg-pool waits for it before it hands the client out
    onConnect: async (client) => {
      await client.query(
        `set role ${role}; set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS}; set statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
      );
    },
  });
  // A connection that breaks (a restart of Postgres) fails its query and is replaced on next use; without a listener, whether
  // it is idle or at work, it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** How the connections of one node are shared out: people wait for tenants' work, so it gets the larger part. */
export function splitPool(poolMax: number): Record<DatabaseRole, number> {
  const system = Math.max(1, Math.floor(poolMax * 0.4));
  return { app_system: system, app_tenant: Math.max(1, poolMax - system) };
}
