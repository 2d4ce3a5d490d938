import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { type Sql, type Statement, transaction } from './sql.ts';

declare const system: unique symbol;

/** A transaction that sees every organization. */
export type SystemSql = Sql & { readonly [system]: true };

export const SYSTEM_POOL = Symbol('SYSTEM_POOL');

/**
 * The nodes' own work across organizations, as role `app_system`: leases, keys, the queue, following facts, signing in.
 * Whoever asks for this class is in the short list of docs/architecture.md; everything done for a user goes through TenantDb.
 */
@Injectable()
export class SystemDb {
  constructor(@Inject(SYSTEM_POOL) private readonly pool: pg.Pool) {}

  /** One statement, committed when it resolves. */
  query<Row extends pg.QueryResultRow>(
    statement: string | Statement,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return typeof statement === 'string'
      ? this.pool.query<Row>(statement, values as unknown[])
      : this.pool.query<Row>({ ...statement });
  }

  transaction<T>(work: (sql: SystemSql) => Promise<T>): Promise<T> {
    return transaction(this.pool, 'begin', (sql) => work(sql as SystemSql));
  }
}
