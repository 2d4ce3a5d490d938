import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../../config/config.ts';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { Metrics } from '../metrics/metrics.ts';
import { watchPool } from '../metrics/watch-pool.ts';
import { tracePool } from '../tracing/trace-pool.ts';
import { TracingModule } from '../tracing/tracing.module.ts';
import { Tracing } from '../tracing/tracing.ts';
import { Migrations } from './migrations.ts';
import { createPool, type DatabaseRole, splitPool } from './pools.ts';
import { SYSTEM_POOL, SystemDb } from './system-db.ts';
import { TENANT_POOL, TenantDb } from './tenant-db.ts';

function nodePool(role: DatabaseRole, config: Config, metrics: Metrics, tracing: Tracing): pg.Pool {
  const pool = createPool(config, role, splitPool(config.database.poolMax)[role]);
  return tracePool(watchPool(pool, role, metrics), tracing);
}

@Global()
@Module({
  imports: [MetricsModule, TracingModule],
  providers: [
    TenantDb,
    SystemDb,
    Migrations,
    {
      provide: TENANT_POOL,
      inject: [Config, Metrics, Tracing],
      useFactory: nodePool.bind(undefined, 'app_tenant'),
    },
    {
      provide: SYSTEM_POOL,
      inject: [Config, Metrics, Tracing],
      useFactory: nodePool.bind(undefined, 'app_system'),
    },
  ],
  exports: [TenantDb, SystemDb, Migrations, SYSTEM_POOL],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(TENANT_POOL) private readonly tenantPool: pg.Pool,
    @Inject(SYSTEM_POOL) private readonly systemPool: pg.Pool,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.tenantPool.end(), this.systemPool.end()]);
  }
}
