import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/database/embedded-postgres.ts';
import { migrate } from '../../scripts/database/migrate.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { until } from '../until.ts';
import { ApiClient } from './api-client.ts';
import { HouseProcess } from './house-process.ts';
import { SandboxClient } from './sandbox-client.ts';

export type HouseOptions = {
  nodes?: number;
  /** Whether pages are served too. */
  dashboard?: boolean;
  /** Nodes look for WhatsApp itself, and there is no sandbox. */
  live?: boolean;
  /** Further settings of every node. */
  env?: Record<string, string>;
};

/** A linked number: who owns it, and the phone that it is on. */
export type LinkedNumber = { api: ApiClient; session: string; phone: string };

/**
 * The whole product as it runs in life, each part a process that can be killed: Postgres, the sandbox, and any number of
 * backend nodes. Needs `npm run build` first; `npm test` sees to that.
 */
export class House {
  readonly nodes: HouseProcess[] = [];
  readonly urls: string[] = [];
  sandbox!: HouseProcess;
  dashboard: HouseProcess | undefined;
  phones!: SandboxClient;
  private postgres!: EmbeddedPostgres;
  private readonly home = mkdtempSync(join(tmpdir(), 'wasel-house-'));
  private databasePort = 0;

  static async start(options: HouseOptions = {}): Promise<House> {
    const house = new House();
    chmodSync(house.home, 0o711); // as root, Postgres runs as somebody else and has to get through
    try {
      await house.open(options);
      return house;
    } catch (error) {
      await house.stop();
      throw error;
    }
  }

  private async open({ nodes = 1, dashboard = false, live = false, env = {} }: HouseOptions): Promise<void> {
    await this.startPostgres();
    await migrate(this.postgres.url, { log: () => undefined });
    const whatsApp: Record<string, string> = live
      ? {}
      : {
          WHATSAPP_SANDBOX_URL: await this.startSandbox(),
          OUTBOX_MAX_PER_MINUTE: '1000000',
          OUTBOX_MIN_GAP_MS: '0',
        };
    const secrets = {
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      AUTH_SECRET: randomBytes(32).toString('hex'),
    };
    const pages: Record<string, string> = dashboard ? { DASHBOARD_URL: await this.startDashboard() } : {};
    for (let n = 1; n <= nodes; n += 1) {
      await this.addNode(n, { ...secrets, ...pages, ...whatsApp, ...env });
    }
  }

  private async startSandbox(): Promise<string> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    this.phones = new SandboxClient(url);
    const env = {
      SANDBOX_PORT: String(port),
      SANDBOX_MEDIA_PORT: String(await findFreePort()),
      SANDBOX_STATE_DIR: join(this.home, 'sandbox'),
      SANDBOX_DEMO_PHONES: 'false',
    };
    this.sandbox = new HouseProcess('sandbox', 'sandbox/dist/main.js', env, `${url}/stats`);
    await this.sandbox.start();
    return url;
  }

  private async startDashboard(): Promise<string> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const args = ['start', 'dashboard', '-H', '127.0.0.1', '-p', String(port)];
    const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    this.dashboard = new HouseProcess('dashboard', 'node_modules/next/dist/bin/next', env, `${url}/sign-in`, args);
    await this.dashboard.start();
    return url;
  }

  private async addNode(n: number, env: Record<string, string>): Promise<void> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const node = new HouseProcess(
      `node ${n}`,
      'backend/dist/main.js',
      {
        PORT: String(port),
        PUBLIC_URL: url,
        DATABASE_URL: this.postgres.url,
        MEDIA_DIR: join(this.home, 'media'),
        LOG_LEVEL: 'warn',
        RATE_LIMIT_FACTOR: '10000',
        ...env,
      },
      `${url}/api/health/ready`,
    );
    this.nodes.push(node);
    this.urls.push(url);
    await node.start();
  }

  get databaseUrl(): string {
    return this.postgres.url;
  }

  /** To the same database, as whoever may do anything there. */
  get adminUrl(): string {
    const admin = new URL(this.postgres.adminUrl);
    admin.pathname = new URL(this.postgres.url).pathname;
    return admin.href;
  }

  get node(): HouseProcess {
    const [first] = this.nodes;
    if (!first) throw new Error('the house has no node');
    return first;
  }

  private async startPostgres(): Promise<void> {
    this.postgres = await startEmbeddedPostgres({
      dataDir: join(this.home, 'postgres'),
      ...(this.databasePort ? { port: this.databasePort } : {}),
      durable: true,
      log: () => undefined,
    });
    this.databasePort = this.postgres.port;
  }

  /** kill -9, and up again on the same data and port. */
  async crashPostgres(): Promise<void> {
    process.kill(this.postgres.pid, 'SIGKILL');
    await this.postgres.exited;
    await this.startPostgres();
  }

  async crash(part: HouseProcess): Promise<void> {
    await part.kill('SIGKILL');
    await part.start();
  }

  async register(node = 0, organization?: string): Promise<ApiClient> {
    return new ApiClient(this.urls[node] ?? '').register(organization);
  }

  /** Creates a session and has a new virtual phone scan its QR code. */
  async link(api: ApiClient, name = 'Shop'): Promise<LinkedNumber> {
    const phone = await this.phones.createPhone({ name });
    const { id: session, qr } = await api.createWithQr(name);
    await this.phones.call('POST', `/phones/${phone}/scan`, { qr });
    await until(`${name} to be connected`, async () => (await api.session(session)).state === 'connected', {
      timeoutMs: 120_000,
    });
    return { api, session, phone };
  }

  async stop(): Promise<void> {
    const judge = this.sandbox?.isRunning ? await this.phones.lastLook() : undefined;
    for (const node of this.nodes) node.resume();
    await Promise.all(this.nodes.map((node) => node.kill('SIGTERM')));
    await Promise.all([this.sandbox?.kill('SIGTERM'), this.dashboard?.kill('SIGTERM')]);
    await this.postgres?.stop();
    rmSync(this.home, { recursive: true, force: true });
    judge?.();
  }
}
