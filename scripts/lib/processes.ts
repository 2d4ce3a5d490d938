import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isSystemError } from './user-facing-error.ts';

/** What tells one process from a later one that got the same id. */
export type ProcessDescription = {
  /** The program and its arguments, separated by spaces. */
  command: string;
  /** When it started; only equality has a meaning. */
  startedAt: string;
};

/** @returns undefined when there is no such process, or it has ended and only waits for its parent. */
export function describeProcess(pid: number): ProcessDescription | undefined {
  return process.platform === 'linux' ? describeFromProc(pid) : describeFromPs(pid);
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
