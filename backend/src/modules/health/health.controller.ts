import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Migrations } from '../../platform/database/migrations.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { NodeId } from '../../platform/signals/node-id.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { VERSION } from '../../platform/version.ts';
import { Public, Unmetered } from '../auth/requires.decorator.ts';
import { SessionsSupervisor } from '../sessions/sessions.supervisor.ts';
import { type Check, HealthView, ReadinessView } from './health.dto.ts';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly system: SystemDb,
    private readonly migrations: Migrations,
    private readonly signals: Signals,
    private readonly node: NodeId,
    private readonly supervisor: SessionsSupervisor,
  ) {}

  /** Alive: asks nobody else, so that a slow database does not get the process killed. */
  @Get()
  @Public()
  @Unmetered('hosts and monitors ask every few seconds')
  @Answers(HealthView)
  alive(): HealthView {
    return {
      status: 'ok',
      version: VERSION,
      node: this.node.value,
      uptime_seconds: Math.floor(process.uptime()),
      active_sessions: this.supervisor.connectedCount,
    };
  }

  /** Ready: may be sent requests. 503 while something is missing, with what. */
  @Get('ready')
  @Public()
  @Unmetered('hosts and monitors ask every few seconds')
  @Answers(ReadinessView)
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessView> {
    const database = await this.system.query('select 1').then(
      () => ({ ok: true }),
      () => ({ ok: false, detail: 'The database does not answer.' }),
    );
    const migrations = database.ok ? await this.migrated() : { ok: false, detail: 'The database does not answer.' };
    const signals = this.signals.connected
      ? { ok: true }
      : { ok: false, detail: 'The signals between nodes are down.' };
    const ready = database.ok && migrations.ok && signals.ok;
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not_ready', checks: { database, migrations, signals } };
  }

  /** A database that does not show its history is older than the migration that grants it. */
  private async migrated(): Promise<Check> {
    const missing = await this.migrations.missing().catch(() => undefined);
    if (missing?.length === 0) return { ok: true };
    return { ok: false, detail: `The database lacks ${missing?.join(', ') ?? 'migrations'}: run npm run db:migrate.` };
  }
}
