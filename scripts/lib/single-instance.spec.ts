import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeProcess, identifyProcess } from './processes.ts';
import { ProcessRegistry, takeLock } from './single-instance.ts';

let directory: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'single-instance-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Runs for as long as the test, unless it is ended. @param script runs first */
async function startProcess(script = ''): Promise<{ child: ChildProcess; pid: number }> {
  const program = `${script}; process.stdout.write('up'); setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  children.push(child);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return { child, pid: child.pid ?? 0 };
}

describe('takeLock', () => {
  it('is held by one at a time', () => {
    const file = join(directory, 'lock');
    const first = takeLock(file);
    expect(first.held).toBe(true);
    expect(takeLock(file)).toEqual({ held: false, owner: identifyProcess(process.pid) });
    if (first.held) first.release();
    expect(takeLock(file).held).toBe(true);
    expect(readdirSync(directory)).toEqual(['lock']);
  });

  it('is taken over from a process that was killed', async () => {
    const { child, pid } = await startProcess();
    writeFileSync(join(directory, 'lock'), JSON.stringify(identifyProcess(pid)));
    expect(takeLock(join(directory, 'lock')).held).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(takeLock(join(directory, 'lock')).held).toBe(true);
  });

  it('does not take a process that got the same id for the owner', () => {
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));
    expect(takeLock(join(directory, 'lock')).held).toBe(true);
  });
});

describe('ProcessRegistry', () => {
  it('ends what an earlier launcher left behind, and forgets it', async () => {
    const { pid } = await startProcess();
    new ProcessRegistry(directory).add('backend', pid);

    expect(await new ProcessRegistry(directory).endOrphans(5000)).toEqual(['backend']);
    expect(describeProcess(pid)).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('ends by force what does not end in peace', async () => {
    const { pid } = await startProcess(`process.on('SIGTERM', () => undefined)`);
    new ProcessRegistry(directory).add('dashboard', pid);
    await new ProcessRegistry(directory).endOrphans(50);
    expect(describeProcess(pid)).toBeUndefined();
  });

  it('leaves a foreign process alone that got the id of one of ours', async () => {
    const { pid } = await startProcess();
    writeFileSync(join(directory, `backend-${pid}.json`), JSON.stringify({ pid, startedAt: 'long ago' }));

    expect(await new ProcessRegistry(directory).endOrphans(50)).toEqual([]);
    expect(describeProcess(pid)).toBeDefined();
  });

  it('forgets a process that ended while it was looked after', async () => {
    const { pid } = await startProcess();
    const forget = new ProcessRegistry(directory).add('sandbox', pid);
    expect(existsSync(join(directory, `sandbox-${pid}.json`))).toBe(true);
    forget();
    expect(readdirSync(directory)).toEqual([]);
  });
});
