import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../database/migrate.ts';
import { Trickle, warningIn } from './backend-warnings.ts';
import { capitalized, type Console } from './console.ts';
import { LogFile } from './log-file.ts';
import { LOGS, STATE } from './paths.ts';
import { stablePorts, whyUnusable } from './ports.ts';
import { loadSecrets } from './secrets.ts';
import {
  backendService,
  compilerService,
  dashboardService,
  postgresService,
  sandboxService,
  STOP_ORDER,
  type Launch,
  type ServiceName,
} from './services.ts';
import type { Service } from './service.ts';
import type { Settings } from './settings.ts';
import { ProcessRegistry, takeLock } from './single-instance.ts';
import { Supervisor } from './supervisor.ts';
import { UserFacingError } from './user-facing-error.ts';
import { buildAll, type Workspace } from './workspaces.ts';

const ORPHAN_GRACE_MS = 10_000;

/** Brings the whole product up on this machine, keeps it up, and takes it down again. */
export class Launcher {
  private readonly stopping = new AbortController();
  private readonly supervisor: Supervisor;
  private readonly logs = new Map<ServiceName, LogFile>();
  private readonly warnings: Trickle;
  private starting: Promise<unknown> = Promise.resolve();
  private release: () => void = () => undefined;
  private databaseUrl = '';

  constructor(
    private readonly settings: Settings,
    private readonly console: Console,
    private readonly watch: boolean,
  ) {
    this.supervisor = new Supervisor(console, this.stopping.signal);
    this.warnings = new Trickle((line) => console.warn('backend', line), '.wasel/logs/backend.log');
  }

  /**
   * Resolves when people can use it.
   *
   * @throws UserFacingError when something is in the way. @throws AbortError when it is stopped meanwhile.
   */
  async start(): Promise<void> {
    const launch = await this.prepare();
    const context = { signal: this.stopping.signal, register: launch.register };
    await this.together([this.startDatabase(launch), buildAll(this.console, this.workspaces(), context)]);
    this.stopping.signal.throwIfAborted();
    await this.together([
      this.runs(dashboardService(launch)),
      this.startBackend(launch),
      ...(this.watch ? this.startCompilers(launch) : []),
    ]);
  }

  /** Stops what was started, in order; resolves when nothing is left. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting;
    await this.supervisor.stop(STOP_ORDER);
    for (const log of this.logs.values()) log.close();
    this.logs.clear();
    this.release();
  }

  /** Ends everything at once. What is committed is safe; the next start recovers. */
  kill(): void {
    this.stopping.abort();
    this.supervisor.kill();
    this.release();
  }

  private async prepare(): Promise<Launch> {
    mkdirSync(LOGS, { recursive: true });
    const lock = takeLock(join(STATE, 'lock'));
    if (!lock.held) {
      const { pid } = lock.owner;
      throw new UserFacingError(`Wasel already runs from this directory (process ${pid}): use it, or stop it first.`);
    }
    this.release = lock.release;
    const registry = new ProcessRegistry(join(STATE, 'processes'));
    const orphans = await registry.endOrphans(ORPHAN_GRACE_MS);
    if (orphans.length > 0)
      this.console.note('launcher', `stopped what an earlier start left behind: ${orphans.join(', ')}`);

    const unusable = await whyUnusable(this.settings.port, this.settings.host);
    if (unusable !== undefined) throw new UserFacingError(unusable);
    return {
      settings: this.settings,
      ports: await stablePorts(join(STATE, 'ports.json'), ['postgres', 'sandbox', 'sandboxMedia', 'dashboard']),
      secrets: loadSecrets(STATE),
      watch: this.watch,
      register: (name, pid) => registry.add(name, pid),
      log: (service, line) => this.log(service, line),
    };
  }

  private async startDatabase(launch: Launch): Promise<void> {
    const { databaseUrl } = this.settings;
    if (databaseUrl === undefined) {
      const postgres = postgresService(launch, (url) => {
        this.databaseUrl = url;
      });
      await this.runs(postgres);
    } else {
      this.databaseUrl = databaseUrl;
    }
    await this.console.step('Database migrated', async () => {
      const applied = await migrate(this.databaseUrl, { log: () => undefined });
      return applied.length === 0 ? 'unchanged' : `${applied.length} applied`;
    });
  }

  private async startBackend(launch: Launch): Promise<void> {
    if (this.usesOwnSandbox()) await this.runs(sandboxService(launch));
    await this.runs(backendService(launch, this.databaseUrl));
  }

  private startCompilers(launch: Launch): Promise<void>[] {
    const compiled = this.workspaces().filter((workspace) => workspace !== 'dashboard');
    return compiled.map((workspace) => this.supervisor.run(compilerService(launch, workspace)));
  }

  /** What has to be built: in watch mode Next compiles the dashboard as it goes. */
  private workspaces(): Workspace[] {
    return [
      'backend',
      ...(this.usesOwnSandbox() ? (['sandbox'] as const) : []),
      ...(this.watch ? [] : (['dashboard'] as const)),
    ];
  }

  private usesOwnSandbox(): boolean {
    return this.settings.whatsapp === 'sandbox' && !process.env.WHATSAPP_SANDBOX_URL;
  }

  /** As Promise.all, but nothing goes on behind the back of a failure: the others are stopped and waited for. */
  private async together(parts: Promise<void>[]): Promise<void> {
    this.starting = Promise.allSettled(parts);
    try {
      await Promise.all(parts);
    } catch (error) {
      this.stopping.abort();
      await this.starting;
      throw error;
    }
  }

  private runs(service: Service): Promise<void> {
    return this.console.step(`${capitalized(service.name)} runs`, () => this.supervisor.run(service));
  }

  private log(service: ServiceName, line: string): void {
    if (!this.logs.has(service)) this.logs.set(service, new LogFile(join(LOGS, `${service}.log`)));
    this.logs.get(service)?.writeLine(line);
    if (service === 'backend') {
      const warning = warningIn(line);
      if (warning !== undefined) this.warnings.add(warning, performance.now());
    } else if (service.endsWith('-compiler') && line.includes('error TS')) {
      this.console.warn(service, line);
    }
  }
}
