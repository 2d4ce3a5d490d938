import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isSystemError } from './user-facing-error.ts';

/** What tells one process from a later one that got the same id. */
export type ProcessDescription = {
  /** The program and its arguments, separated by spaces. */
  command: string;
  /** When it started; only equality has a meaning. */
  startedAt: string;
};

/** A process as it is written down in a file, to be found again by a later run. */
export type ProcessIdentity = { pid: number; startedAt: string };

/** @returns undefined when there is no such process, or it has ended and only waits for its parent. */
export function describeProcess(pid: number): ProcessDescription | undefined {
  return process.platform === 'linux' ? describeFromProc(pid) : describeFromPs(pid);
}

/** Every process whose command contains `text`, other than this one. */
export function findProcesses(text: string): ProcessIdentity[] {
  return processIds().flatMap((pid) => {
    const found = pid === process.pid ? undefined : describeProcess(pid);
    return found?.command.includes(text) ? [{ pid, startedAt: found.startedAt }] : [];
  });
}

function processIds(): number[] {
  if (process.platform === 'linux') return readdirSync('/proc').map(Number).filter(Number.isInteger);
  return spawnSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' }).stdout.trim().split(/\s+/).map(Number);
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: describeProcess(pid)?.startedAt ?? '' };
}

/** False also when the process has ended and another one got its id. */
export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  return startedAt !== '' && describeProcess(pid)?.startedAt === startedAt;
}

/**
 * Ends a process and its group: politely, and by force when it takes longer than `graceMs`.
 * For processes that are not our children, whose end is not announced to us.
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  if (isAlive(identity)) signal(identity.pid, 'SIGTERM');
  while (isAlive(identity)) {
    if (performance.now() > deadline) signalGroup(identity.pid, 'SIGKILL');
    await delay(25);
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}

/** The group of a process that was spawned with `detached`: itself and what it started. */
export function signalGroup(leader: number, name: NodeJS.Signals): void {
  signal(-leader, name);
}

/** Fields after the last `)` of `/proc/<pid>/stat`: the state is the first, the start time the twentieth (proc(5)). */
function describeFromProc(pid: number): ProcessDescription | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return { command, startedAt: fields[19] ?? '' };
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

function describeFromPs(pid: number): ProcessDescription | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [, state, startedAt, command] = /^(\S+)\s+(.{24})\s+(.*)$/m.exec(stdout.trim()) ?? [];
  if (state === undefined || startedAt === undefined || command === undefined || state.startsWith('Z'))
    return undefined;
  return { command, startedAt };
}
