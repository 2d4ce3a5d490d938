import { Inject, Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { type Sql, transaction } from './sql.ts';

declare const tenant: unique symbol;

/** A transaction that sees one organization's rows. Repositories accept nothing else, so an unscoped query does not compile. */
export type TenantTx = Prisma.TransactionClient & { readonly [tenant]: OrganizationId };

/** The same for hand-written SQL, where every statement counts. */
export type TenantSql = Sql & { readonly [tenant]: OrganizationId };

export const TENANT_POOL = Symbol('TENANT_POOL');

/** Longest time to wait for a free connection, and to hold one. */
const MAX_WAIT_MS = 10_000;
const TIMEOUT_MS = 15_000;

@Injectable()
export class TenantDb {
  private readonly prisma: PrismaClient;

  constructor(@Inject(TENANT_POOL) private readonly pool: pg.Pool) {
    this.prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  }

  /**
   * Runs `work` in one transaction as the unprivileged role `app_tenant`, seeing only `organization`'s rows. Both settings
   * end with it, so a pooled connection cannot carry them on. Keep the network out of `work`: it holds a connection and locks.
   */
  async asTenant<T>(organization: OrganizationId, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const id = OrganizationId.parse(organization); // an empty one would see nothing, and be told nothing
    return this.prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`select set_config('role', 'app_tenant', true), set_config('app.organization_id', ${id}, true)`;
        return work(tx as TenantTx);
      },
      { maxWait: MAX_WAIT_MS, timeout: TIMEOUT_MS },
    );
  }

  /** As `asTenant`, without Prisma between: for the paths that every message takes. */
  async asTenantSql<T>(organization: OrganizationId, work: (sql: TenantSql) => Promise<T>): Promise<T> {
    const id = OrganizationId.parse(organization); // goes into the statement as text
    const begin = `begin; select set_config('role', 'app_tenant', true), set_config('app.organization_id', '${id}', true)`;
    return transaction(this.pool, begin, (sql) => work(sql as TenantSql));
  }
}
