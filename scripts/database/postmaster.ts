import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeProcess } from '../lib/processes.ts';
import { isSystemError, UserFacingError } from '../lib/user-facing-error.ts';
import type { ClusterLocation } from './cluster.ts';

/**
 * Stops a Postgres that an earlier, killed launcher left behind on this cluster. Its command line carries the
 * cluster's name, so a foreign process that got the same id is never signalled: then the pid file is stale and removed.
 *
 * @throws UserFacingError when it does not stop within 30 s.
 */
export function stopOrphan({ dataDir, dataArgument, name, binaries }: ClusterLocation): void {
  const pid = readPostmasterPid(dataDir);
  if (pid === undefined) return;
  if (!describeProcess(pid)?.command.includes(name)) {
    rmSync(join(dataDir, 'postmaster.pid'), { force: true });
    return;
  }
  for (const mode of ['fast', 'immediate']) {
    const stop = ['stop', '-D', dataArgument, '-m', mode, '-w', '-t', '15'];
    if (spawnSync(binaries.pgCtl, stop, { ...binaries.account, cwd: dataDir, stdio: 'ignore' }).status === 0) return;
  }
  throw new UserFacingError(`An earlier Postgres (process ${pid}) does not stop; end it and start again.`);
}

/** @returns the process id in `postmaster.pid`; undefined when no Postgres has the directory open. */
export function readPostmasterPid(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
