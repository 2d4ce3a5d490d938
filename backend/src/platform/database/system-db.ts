import { Inject, Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { type Sql, type Statement, transaction } from './sql.ts';

declare const system: unique symbol;

/** Longest time to wait for a free connection, and to hold one. */
const MAX_WAIT_MS = 10_000;
const TIMEOUT_MS = 15_000;

/** A transaction that sees every organization. */
export type SystemSql = Sql & { readonly [system]: true };

/** The same with Prisma, for those who read rows of many organizations as their own modules do. */
export type SystemTx = Prisma.TransactionClient & { readonly [system]: true };

export const SYSTEM_POOL = Symbol('SYSTEM_POOL');

/**
 * The nodes' own work across organizations, as role `app_system`: leases, keys, the queue, following facts, signing in.
 * Whoever asks for this class is in the short list of docs/architecture.md; everything done for a user goes through TenantDb.
 */
@Injectable()
export class SystemDb {
  private prisma: PrismaClient | undefined;

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

  /** As `transaction`, with Prisma between. */
  asSystem<T>(work: (tx: SystemTx) => Promise<T>): Promise<T> {
    this.prisma ??= new PrismaClient({ adapter: new PrismaPg(this.pool), errorFormat: 'minimal' });
    return this.prisma.$transaction((tx) => work(tx as SystemTx), { maxWait: MAX_WAIT_MS, timeout: TIMEOUT_MS });
  }
}
