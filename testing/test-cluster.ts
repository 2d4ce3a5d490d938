import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { locateCluster } from '../scripts/database/cluster.ts';
import { startEmbeddedPostgres } from '../scripts/database/embedded-postgres.ts';
import { migrate } from '../scripts/database/migrate.ts';
import { stopOrphan } from '../scripts/database/postmaster.ts';
import { describeProcess } from '../scripts/lib/processes.ts';

/** A Postgres for one test run, with a migrated template database that each test copies. */
export type TestCluster = {
  adminUrl: string;
  /** Ends in `/`: a database's name follows. As the unprivileged role that owns the databases. */
  loginUrlBase: string;
  template: string;
  stop(): Promise<void>;
};

const TEMPLATE = 'wasel_template';
const GIB = 1024 ** 3;

/**
 * Starts a cluster whose data is thrown away with it: no fsync, in memory where there is room. What an earlier,
 * killed run left behind is removed first.
 */
export async function startTestCluster(): Promise<TestCluster> {
  const home = join(temporaryRoot(), `wasel-test-${process.getuid?.() ?? ''}`);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  await removeAbandonedRuns(home);
  const run = mkdtempSync(join(home, 'run-'));
  writeFileSync(join(run, 'owner.json'), JSON.stringify({ pid: process.pid, ...describeProcess(process.pid) }));

  const server = await startEmbeddedPostgres({
    dataDir: join(run, 'data'),
    durable: false,
    maxConnections: 400,
    log: () => undefined,
  });
  const stop = async () => {
    await server.stop();
    rmSync(run, { recursive: true, force: true });
  };
  try {
    const loginUrlBase = server.url.slice(0, server.url.lastIndexOf('/') + 1);
    await createTemplate(server.adminUrl, loginUrlBase);
    return { adminUrl: server.adminUrl, loginUrlBase, template: TEMPLATE, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function temporaryRoot(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > GIB ? memory : tmpdir();
}

/** Runs in progress are told apart by their owner's process id and start time. */
async function removeAbandonedRuns(home: string): Promise<void> {
  for (const entry of readdirSync(home)) {
    const run = join(home, entry);
    if (isRunning(join(run, 'owner.json'))) continue;
    await stopOrphan(locateCluster(join(run, 'data')));
    rmSync(run, { recursive: true, force: true });
  }
}

function isRunning(ownerFile: string): boolean {
  if (!existsSync(ownerFile)) return false;
  const owner = JSON.parse(readFileSync(ownerFile, 'utf8')) as { pid: number; startedAt: string };
  return describeProcess(owner.pid)?.startedAt === owner.startedAt;
}

/**
 * The default privileges are hostile, as on a managed platform that opens new tables to its API roles: a migration
 * that forgets to revoke is caught by the tests and not by a customer.
 */
async function createTemplate(adminUrl: string, loginUrlBase: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('create role anon; create role authenticated; create role service_role bypassrls');
    await admin.query(`create database ${TEMPLATE} owner wasel`);
  });
  const templateUrl = new URL(adminUrl);
  templateUrl.pathname = TEMPLATE;
  await asAdmin(templateUrl.href, async (admin) => {
    for (const kind of ['tables', 'sequences', 'functions']) {
      await admin.query(`alter default privileges for role wasel in schema public
                         grant all on ${kind} to anon, authenticated, service_role, public`);
    }
  });
  await migrate(loginUrlBase + TEMPLATE, { log: () => undefined });
  await asAdmin(adminUrl, (admin) =>
    admin.query(`alter database ${TEMPLATE} is_template true allow_connections false`),
  );
}

async function asAdmin(url: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
