import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, escapeLiteral } from 'pg';
import { findFreePort } from '../lib/ports.ts';
import { UserFacingError } from '../lib/user-facing-error.ts';
import { openCluster, type Cluster } from './cluster.ts';
import { stopOrphan } from './postmaster.ts';

export type EmbeddedPostgresOptions = {
  /** Created when missing. Its passwords are kept in a sibling file that only the current user can read. */
  dataDir: string;
  /** A free one is chosen when it is left out. */
  port?: number;
  /** False trades safety of the data for speed: for clusters that are thrown away. */
  durable: boolean;
  maxConnections?: number;
  /** Gets each line that Postgres logs. */
  log: (line: string) => void;
};

export type EmbeddedPostgres = {
  /** As the superuser `postgres`, to the database `postgres`. */
  adminUrl: string;
  /** As the unprivileged role `wasel`, to the database `wasel` that it owns. */
  url: string;
  port: number;
  pid: number;
  /** Resolves when the server has ended, by `stop` or by itself, with its exit code or the signal that ended it. */
  exited: Promise<string>;
  /** Closes all connections and shuts down cleanly; resolves when the server has ended. Safe to call again. */
  stop(): Promise<void>;
  /** Ends the server at once; the next start recovers what was committed. */
  kill(): void;
};

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts the Postgres binaries that npm installed, on loopback and with passwords only. A server that an earlier,
 * killed process left behind on the same directory is stopped first; its data is recovered by Postgres itself.
 *
 * @throws UserFacingError when this system cannot run it, the port is taken or the disk is full.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = openCluster(resolve(options.dataDir), options.durable);
  await stopOrphan(cluster);
  const port = options.port ?? (await findFreePort());

  const server = spawnServer(cluster, port, options);
  const exited = new Promise<string>((ended) => {
    server.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  });
  const urlOf = (role: 'postgres' | 'wasel') =>
    `postgresql://${role}:${cluster.passwords[role]}@${HOST}:${port}/${role}`;
  const stop = () => stopServer(server, exited);
  const kill = () => void server.kill('SIGQUIT');
  try {
    await untilReady(server, cluster, port, options.log);
    await createLoginRole(urlOf('postgres'), cluster.passwords.wasel);
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl: urlOf('postgres'), url: urlOf('wasel'), port, pid: server.pid ?? 0, exited, stop, kill };
}

function spawnServer(cluster: Cluster, port: number, options: EmbeddedPostgresOptions): ChildProcess {
  const settings = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    cluster_name: cluster.name,
    max_connections: options.maxConnections ?? 100,
    // Kept in the data directory: nothing is left in /dev/shm after a kill, and a small one (containers) is enough.
    dynamic_shared_memory_type: 'mmap',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  const args = ['-D', cluster.dataArgument, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  return spawn(cluster.binaries.postgres, args, {
    ...cluster.binaries.account,
    cwd: cluster.dataDir,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C in the terminal reaches the launcher alone, which stops things in order.
    detached: true,
  });
}

/** Reads the server's log until it says that it is ready; the reading goes on after that, for `log`. */
async function untilReady(server: ChildProcess, cluster: Cluster, port: number, log: (line: string) => void) {
  const lastLines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((ready, reject) => {
      const tooLate = () => reject(new Error(`Postgres is not ready after 60 s:\n${lastLines.join('\n')}`));
      timer = setTimeout(tooLate, READY_TIMEOUT_MS);
      server.once('error', reject);
      server.once('close', () => reject(startError(lastLines.join('\n'), cluster.dataDir, port)));
      if (server.stderr === null) return;
      createInterface({ input: server.stderr }).on('line', (line) => {
        log(line);
        lastLines.push(line);
        if (lastLines.length > 20) lastLines.shift();
        if (line.includes('database system is ready to accept connections')) ready();
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function startError(log: string, dataDir: string, port: number): Error {
  if (/Address already in use/.test(log)) {
    return new UserFacingError(`Port ${port} is taken, so Postgres cannot listen on it: stop what uses it.`);
  }
  if (/No space left on device/.test(log)) {
    return new UserFacingError(`The disk of ${dataDir} is full: free some space and start again.`);
  }
  if (/database files are incompatible/.test(log)) {
    return new UserFacingError(`${dataDir} was made by another version of Postgres: move it away and start again.`);
  }
  return new Error(`Postgres ended while it started:\n${log}`);
}

/** Fast shutdown (SIGINT); when that hangs, immediate shutdown (SIGQUIT), which the next start recovers from. */
async function stopServer(server: ChildProcess, exited: Promise<string>): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

/** The role that everything connects as: an ordinary one, because superusers are exempt from row security. */
async function createLoginRole(adminUrl: string, password: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const role = await admin.query(`select from pg_roles where rolname = 'wasel'`);
    if (role.rowCount === 0) {
      await admin.query(
        `create role wasel login createrole nosuperuser nobypassrls password ${escapeLiteral(password)}`,
      );
    }
    const database = await admin.query(`select from pg_database where datname = 'wasel'`);
    if (database.rowCount === 0) await admin.query('create database wasel owner wasel');
  } finally {
    await admin.end();
  }
}
