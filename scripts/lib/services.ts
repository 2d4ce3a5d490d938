import { join } from 'node:path';
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts';
import { NODE_MODULES, ROOT, STATE } from './paths.ts';
import type { Secrets } from './secrets.ts';
import { startChild, type ChildOptions, type RunningService, type Service } from './service.ts';
import type { Settings } from './settings.ts';

export type ServiceName = 'postgres' | 'sandbox' | 'backend' | 'dashboard' | 'backend-compiler' | 'sandbox-compiler';

/** The order in which things stop: who uses something stops before it, and the backend drains first. */
export const STOP_ORDER: ServiceName[] = [
  'backend-compiler',
  'sandbox-compiler',
  'backend',
  'dashboard',
  'sandbox',
  'postgres',
];

/** On loopback; the backend's own port is in the settings, and the only one that people open. */
export type InternalPorts = { postgres: number; sandbox: number; sandboxMedia: number; dashboard: number };

/** What all services need from the launcher. */
export type Launch = Pick<ChildOptions, 'register'> & {
  settings: Settings;
  ports: InternalPorts;
  /** Undefined where they have to come from the environment. */
  secrets: Secrets | undefined;
  /** Restart what is compiled anew, and compile what changes. */
  watch: boolean;
  log: (service: ServiceName, line: string) => void;
};

/** The sandbox is no production, and neither the sandbox nor the backend lets itself be told otherwise. */
const DESK = 'development';

/** Draining takes as long as the send in flight and the release of every lease; hosts grant 30 s for all of it. */
const BACKEND_STOP_TIMEOUT_MS = 25_000;

/** Next compiles a page when it is first asked for. */
const DASHBOARD_READY_TIMEOUT_MS = 120_000;

/** @param onReady gets the URL of the database, the same at every start. */
export function postgresService({ ports, log }: Launch, onReady: (url: string) => void): Service {
  return {
    name: 'postgres',
    start: async () => {
      const server = await startEmbeddedPostgres({
        dataDir: join(STATE, 'postgres'),
        port: ports.postgres,
        durable: true,
        log: (line) => log('postgres', line),
      });
      onReady(server.url);
      return server;
    },
  };
}

export function sandboxService(launch: Launch): Service {
  const port = launch.ports.sandbox;
  const environment = {
    SANDBOX_HOST: '127.0.0.1',
    SANDBOX_PORT: String(port),
    SANDBOX_MEDIA_PORT: String(launch.ports.sandboxMedia),
    SANDBOX_STATE_DIR: join(STATE, 'sandbox'),
  };
  return nodeService(launch, 'sandbox', {
    args: [...watching(launch), join(ROOT, 'sandbox/dist/main.js')],
    env: { ...process.env, NODE_ENV: DESK, ...environment },
    readyUrl: `http://127.0.0.1:${port}/stats`,
  });
}

/** Without source maps: Baileys notes a stack for each question to the server, and mapping it costs more than asking. */
export function backendService(launch: Launch, databaseUrl: string): Service {
  const { host, port } = launch.settings;
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return nodeService(launch, 'backend', {
    args: [...watching(launch), join(ROOT, 'backend/dist/main.js')],
    env: backendEnvironment(launch, databaseUrl),
    readyUrl: `http://${address}:${port}/api/health/ready`,
    stopTimeoutMs: BACKEND_STOP_TIMEOUT_MS,
  });
}

/** What people set wins over what the launcher makes up, except where it knows better than anyone. */
export function backendEnvironment(launch: Launch, databaseUrl: string): NodeJS.ProcessEnv {
  const { settings, ports, secrets } = launch;
  const sandboxUrl = process.env.WHATSAPP_SANDBOX_URL || `http://127.0.0.1:${ports.sandbox}`;
  return {
    ...process.env,
    NODE_ENV: settings.whatsapp === 'sandbox' ? DESK : nodeEnv(launch),
    HOST: settings.host,
    PORT: String(settings.port),
    PUBLIC_URL: settings.publicUrl,
    DATABASE_URL: databaseUrl,
    DASHBOARD_URL: `http://127.0.0.1:${ports.dashboard}`,
    WHATSAPP_SANDBOX_URL: settings.whatsapp === 'sandbox' ? sandboxUrl : undefined,
    MEDIA_DIR: process.env.MEDIA_DIR || join(STATE, 'media'),
    ENCRYPTION_KEYS: process.env.ENCRYPTION_KEYS || secrets?.ENCRYPTION_KEYS,
    AUTH_SECRET: process.env.AUTH_SECRET || secrets?.AUTH_SECRET,
  };
}

export function dashboardService(launch: Launch): Service {
  const port = String(launch.ports.dashboard);
  const command = launch.watch ? 'dev' : 'start';
  return nodeService(launch, 'dashboard', {
    args: [join(NODE_MODULES, 'next/dist/bin/next'), command, '-H', '127.0.0.1', '-p', port],
    cwd: join(ROOT, 'dashboard'),
    env: {
      ...process.env,
      NODE_ENV: nodeEnv(launch),
      NEXT_TELEMETRY_DISABLED: '1',
      API_ORIGIN: `http://127.0.0.1:${launch.settings.port}`,
    },
    readyUrl: `http://127.0.0.1:${port}/`,
    readyTimeoutMs: DASHBOARD_READY_TIMEOUT_MS,
  });
}

/** Compiles a workspace again whenever a source changes; `node --watch` then restarts what runs it. */
export function compilerService(launch: Launch, workspace: 'backend' | 'sandbox'): Service {
  const project = join(ROOT, workspace, 'tsconfig.build.json');
  return nodeService(launch, `${workspace}-compiler`, {
    args: [join(NODE_MODULES, 'typescript/bin/tsc'), '-p', project, '--watch', '--preserveWatchOutput'],
    env: process.env,
  });
}

function nodeService(
  { register, log }: Launch,
  name: ServiceName,
  options: Pick<ChildOptions, 'args' | 'env' | 'readyUrl' | 'readyTimeoutMs' | 'stopTimeoutMs'> & { cwd?: string },
): Service {
  return {
    name,
    start: (signal): Promise<RunningService> =>
      startChild({
        cwd: ROOT,
        ...options,
        name,
        command: process.execPath,
        signal,
        register,
        log: (line) => log(name, line),
      }),
  };
}

function watching({ watch }: Launch): string[] {
  return watch ? ['--watch', '--watch-preserve-output'] : [];
}

function nodeEnv({ watch }: Launch): string {
  return process.env.NODE_ENV || (watch ? 'development' : 'production');
}
