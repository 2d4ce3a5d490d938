import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../../config/config.ts';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { Metrics } from '../metrics/metrics.ts';
import { watchPool } from '../metrics/watch-pool.ts';
import { Migrations } from './migrations.ts';
import { createPool, splitPool } from './pools.ts';
import { SYSTEM_POOL, SystemDb } from './system-db.ts';
import { TENANT_POOL, TenantDb } from './tenant-db.ts';

@Global()
@Module({
  imports: [MetricsModule],
  providers: [
    TenantDb,
    SystemDb,
    Migrations,
    {
      provide: TENANT_POOL,
      inject: [Config, Metrics],
      useFactory: (config: Config, metrics: Metrics) =>
        watchPool(
          createPool(config, 'app_tenant', splitPool(config.database.poolMax).app_tenant),
          'app_tenant',
          metrics,
        ),
    },
    {
      provide: SYSTEM_POOL,
      inject: [Config, Metrics],
      useFactory: (config: Config, metrics: Metrics) =>
        watchPool(
          createPool(config, 'app_system', splitPool(config.database.poolMax).app_system),
          'app_system',
          metrics,
        ),
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
