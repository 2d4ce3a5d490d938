import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwordFile, type Passwords } from '../database/cluster.ts';
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts';
import { STATE } from './paths.ts';
import { takeLock } from './single-instance.ts';
import { UserFacingError } from './user-facing-error.ts';

const DATA = join(STATE, 'postgres');

/** Runs `work` on the database of DATABASE_URL; else on the embedded one, which is started when it is not running. */
export async function withDatabase<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  if (process.env.DATABASE_URL) return work(process.env.DATABASE_URL);

  mkdirSync(STATE, { recursive: true });
  const lock = takeLock(join(STATE, 'lock'));
  if (!lock.held) return work(urlOfRunningPostgres());
  try {
    const server = await startEmbeddedPostgres({ dataDir: DATA, durable: true, log: () => undefined });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    lock.release();
  }
}

/** Of the launcher that holds the lock. */
function urlOfRunningPostgres(): string {
  const portFile = join(STATE, 'ports.json');
  const passwords = passwordFile(DATA);
  if (!existsSync(portFile) || !existsSync(passwords)) {
    throw new UserFacingError(
      'Wasel is just starting, or uses another database: set DATABASE_URL to the one you mean.',
    );
  }
  const { postgres } = JSON.parse(readFileSync(portFile, 'utf8')) as { postgres: number };
  const { wasel } = JSON.parse(readFileSync(passwords, 'utf8')) as Passwords;
  return `postgresql://wasel:${wasel}@127.0.0.1:${postgres}/wasel`;
}
