import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UserFacingError } from '../lib/user-facing-error.ts';
import { findPostgresBinaries, type Account, type PostgresBinaries } from './postgres-binaries.ts';

/** Where a data directory is, or will be, and what runs it. */
export type ClusterLocation = {
  dataDir: string;
  /** What the Postgres programs get as `-D`, together with `dataDir` as their working directory. */
  dataArgument: string;
  /** Part of the server's command line, so that its process can be recognised. */
  name: string;
  binaries: PostgresBinaries;
};

/** A data directory that is ready to be served. */
export type Cluster = ClusterLocation & { passwords: Passwords };

export type Passwords = { postgres: string; wasel: string };

/** @param dataDir absolute; its parent exists. */
export function locateCluster(dataDir: string): ClusterLocation {
  const binaries = findPostgresBinaries();
  return {
    dataDir,
    dataArgument: isReachableBy(binaries.account, dirname(dataDir)) ? dataDir : '/proc/self/cwd',
    name: `wasel-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`,
    binaries,
  };
}

/** Creates the data directory at the first call and opens it at the next ones. Starts no server. */
export function openCluster(dataDir: string, durable: boolean): Cluster {
  mkdirSync(dirname(dataDir), { recursive: true });
  const location = locateCluster(dataDir);
  if (existsSync(join(dataDir, 'PG_VERSION'))) return { ...location, passwords: readPasswords(dataDir) };

  const passwords = { postgres: randomBytes(24).toString('base64url'), wasel: randomBytes(24).toString('base64url') };
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { mode: 0o700 });
  const { account } = location.binaries;
  if (account.uid !== undefined) chownSync(dataDir, account.uid, account.gid);
  // Before the data, so that there is never data that nobody has the password of.
  writeFileSync(passwordFile(dataDir), JSON.stringify(passwords), { mode: 0o600 });
  initialize({ ...location, passwords }, durable);
  return { ...location, passwords };
}

/**
 * Beside the data and not in it: the data belongs to the account `nobody`, which other programs may also run as.
 */
export function passwordFile(dataDir: string): string {
  return join(dirname(dataDir), `${basename(dataDir)}-passwords.json`);
}

function readPasswords(dataDir: string): Passwords {
  const file = passwordFile(dataDir);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  throw new UserFacingError(`${file} is missing: put it back, or remove ${dataDir} to begin with an empty database.`);
}

/**
 * A clone may lie below a directory such as a 0700 home that `nobody` cannot enter. The server then gets the data
 * directory as its working directory from us and names it `/proc/self/cwd`, which needs no permission on the parents.
 */
function isReachableBy({ uid, gid }: Account, directory: string): boolean {
  if (uid === undefined || process.platform !== 'linux') return true;
  const { mode, uid: owner, gid: group } = statSync(directory);
  const executeBit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & executeBit) === 0) return false;
  return directory === dirname(directory) || isReachableBy({ uid, gid }, dirname(directory));
}

function initialize({ dataDir, dataArgument, passwords, binaries }: Cluster, durable: boolean): void {
  const { account, initdb } = binaries;
  const secrets = mkdtempSync(join(tmpdir(), 'wasel-initdb-'));
  const file = join(secrets, 'password');
  try {
    writeFileSync(file, passwords.postgres, { mode: 0o600 });
    if (account.uid !== undefined) {
      chownSync(file, account.uid, account.gid);
      chownSync(secrets, account.uid, account.gid);
    }
    const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${file}`, '--encoding=UTF8'];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const speed = durable ? [] : ['--no-sync'];
    const { status, stderr, error } = spawnSync(initdb, ['-D', dataArgument, ...options, ...locale, ...speed], {
      ...account,
      cwd: dataDir,
      encoding: 'utf8',
    });
    if (status !== 0) throw initializationError(dataDir, stderr ?? error?.message ?? '');
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

function initializationError(dataDir: string, stderr: string): Error {
  if (/No space left on device/.test(stderr)) {
    return new UserFacingError(`The disk of ${dataDir} is full: free about 100 MB and start again.`);
  }
  if (/could not look up effective user ID/.test(stderr)) {
    return new UserFacingError('Postgres needs a user with a name: add yours to /etc/passwd, or set DATABASE_URL.');
  }
  return new Error(`initdb failed in ${dataDir}: ${stderr}`);
}
