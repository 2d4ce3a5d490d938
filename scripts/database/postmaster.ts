import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeProcess, findProcesses, signal } from '../lib/processes.ts';
import { isSystemError, UserFacingError } from '../lib/user-facing-error.ts';
import type { ClusterLocation } from './cluster.ts';

/** How long a server process may take to see that its postmaster is gone and to end what it is at. */
const CHILD_GRACE_MS = 2_000;

/**
 * Stops a Postgres that an earlier, killed launcher left behind on this cluster. Its command line carries the
 * cluster's name, so a foreign process that got the same id is never signalled: then the pid file is stale and removed.
 *
 * A killed postmaster leaves its server processes behind for a moment. A second server beside them would lose what both
 * write; Postgres refuses that by its pid file. So the file goes only when they are all gone.
 *
 * @throws UserFacingError when it does not stop within 30 s.
 */
export async function stopOrphan(location: ClusterLocation): Promise<void> {
  const pid = readPostmasterPid(location.dataDir);
  if (pid === undefined) return;
  if (describeProcess(pid)?.command.includes(location.name)) return stopPostmaster(pid, location);
  await childrenGone(location);
  rmSync(join(location.dataDir, 'postmaster.pid'), { force: true });
}

function stopPostmaster(pid: number, { dataDir, dataArgument, binaries }: ClusterLocation): void {
  for (const mode of ['fast', 'immediate']) {
    const stop = ['stop', '-D', dataArgument, '-m', mode, '-w', '-t', '15'];
    if (spawnSync(binaries.pgCtl, stop, { ...binaries.account, cwd: dataDir, stdio: 'ignore' }).status === 0) return;
  }
  throw new UserFacingError(`An earlier Postgres (process ${pid}) does not stop; end it and start again.`);
}

/** One in a long computation does not look up by itself: it is told to give up what it is at, which was not committed. */
async function childrenGone({ name }: ClusterLocation): Promise<void> {
  const deadline = performance.now() + CHILD_GRACE_MS;
  for (let children = findProcesses(name); children.length > 0; children = findProcesses(name)) {
    if (performance.now() > deadline) for (const { pid } of children) signal(pid, 'SIGQUIT');
    await delay(10);
  }
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
