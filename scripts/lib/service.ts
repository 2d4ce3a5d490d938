import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { capitalized } from './console.ts';
import { signalGroup } from './processes.ts';
import { UserFacingError } from './user-facing-error.ts';

/** Something that runs until it is stopped, or ends by itself. */
export type RunningService = {
  pid: number;
  /** Resolves with what to tell people, such as `exit code 1` or `SIGKILL`. */
  exited: Promise<string>;
  /** Asks it to end and resolves when it has; ends it by force when it takes too long. */
  stop(): Promise<void>;
  /** Ends it and everything that it started, at once. */
  kill(): void;
};

export type Service = {
  name: string;
  /** Resolves when it is ready to be used; rejects when it ended before, or `signal` was aborted, and then has ended. */
  start(signal: AbortSignal): Promise<RunningService>;
};

export type ChildOptions = {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Gets each line of its stdout and stderr. */
  log: (line: string) => void;
  /** Asked until it answers with success; left out when there is nothing to wait for. */
  readyUrl?: string;
  readyTimeoutMs?: number;
  /** How long it may take to end in peace. */
  stopTimeoutMs?: number;
  /** Gives up waiting for it to be ready, and stops it. */
  signal: AbortSignal;
  /** Called with the process id; the result is called when the process has ended. */
  register: (name: string, pid: number) => () => void;
};

/**
 * Starts a program and waits until it is ready. It leads a process group of its own: Ctrl-C in the terminal does not
 * reach it, so that the launcher can stop things in order, and what it starts ends with it.
 *
 * @throws UserFacingError with its last line when it ends, or is not ready in time.
 */
export async function startChild(options: ChildOptions): Promise<RunningService> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let lastLine = '';
  follow(child, (line) => {
    if (line.trim() !== '') lastLine = line;
    options.log(line);
  });
  const exited = exitOf(child);
  const { pid } = child;
  if (pid === undefined) throw new UserFacingError(`${capitalized(options.name)} cannot be started: ${await exited}`);
  const forget = options.register(options.name, pid);
  child.once('exit', () => {
    signalGroup(pid, 'SIGKILL');
    forget();
  });

  const service = {
    pid,
    exited,
    stop: () => stopChild(child, exited, options),
    kill: () => signalGroup(pid, 'SIGKILL'),
  };
  const failure = await untilReady(options, exited);
  if (failure !== undefined) {
    await service.stop();
    options.signal.throwIfAborted();
    throw new UserFacingError(`${capitalized(options.name)} did not start (${failure}): ${lastLine}`);
  }
  return service;
}

function follow(child: ChildProcess, log: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on('line', log);
  }
}

/** Waits for `close`, which comes after the last line of its output; its group is gone by then and holds no pipe open. */
function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signalName) => {
      const outcome = signalName ?? `exit code ${code}`;
      child.once('close', () => resolve(outcome));
    });
  });
}

/** @returns why it is not ready; undefined when it is. */
async function untilReady(options: ChildOptions, exited: Promise<string>): Promise<string | undefined> {
  const { readyUrl, readyTimeoutMs = 60_000 } = options;
  if (readyUrl === undefined) return undefined;
  const stopAsking = new AbortController();
  options.signal.addEventListener('abort', () => stopAsking.abort(), { signal: stopAsking.signal });
  if (options.signal.aborted) return 'interrupted';
  const tooLate = delay(readyTimeoutMs, `not ready after ${readyTimeoutMs / 1000} s`, { signal: stopAsking.signal });
  try {
    return await Promise.race([askUntilReady(readyUrl, stopAsking.signal), exited, tooLate]);
  } catch {
    return 'interrupted';
  } finally {
    stopAsking.abort();
    tooLate.catch(() => undefined);
  }
}

async function askUntilReady(url: string, signal: AbortSignal): Promise<undefined> {
  for (;;) {
    const answer = await fetch(url, { signal, redirect: 'manual' }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined && answer.status < 400) return;
    await delay(50, undefined, { signal });
  }
}

async function stopChild(child: ChildProcess, exited: Promise<string>, options: ChildOptions): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const timer = setTimeout(() => child.pid && signalGroup(child.pid, 'SIGKILL'), options.stopTimeoutMs ?? 10_000);
  await exited;
  clearTimeout(timer);
}
