import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../testing/until.ts';
import { findFreePort } from './ports.ts';
import { describeProcess } from './processes.ts';
import { startChild, type ChildOptions } from './service.ts';

function child(program: string, options: Partial<ChildOptions> = {}) {
  const lines: string[] = [];
  const registered: string[] = [];
  const started = startChild({
    name: 'program',
    command: process.execPath,
    args: ['--input-type=module', '--eval', program],
    cwd: '/',
    env: process.env,
    log: (line) => lines.push(line),
    signal: new AbortController().signal,
    register: (name) => {
      registered.push(name);
      return () => registered.push(`${name} ended`);
    },
    ...options,
  });
  return { started, lines, registered };
}

const STAY = 'setInterval(() => undefined, 1000);';

describe('startChild', () => {
  it('waits until it is ready, and logs both of its streams by line', async () => {
    const port = await findFreePort();
    const { started, lines } = child(
      `import http from 'node:http'; console.log('one\\ntwo'); console.error('three');
       let asked = 0;
       http.createServer((_, response) => { asked += 1; response.writeHead(asked < 3 ? 503 : 200).end(String(asked)); })
         .listen(${port}, '127.0.0.1');`,
      { readyUrl: `http://127.0.0.1:${port}/` },
    );
    const running = await started;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('4');
    await running.stop();
    expect(await running.exited).toBe('SIGTERM');
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('tells the last words of a program that ends before it is ready', async () => {
    const { started, registered } = child(`console.error('DATABASE_URL is missing'); process.exit(3);`, {
      readyUrl: 'http://127.0.0.1:1/',
    });
    await expect(started).rejects.toThrow('Program did not start (exit code 3): DATABASE_URL is missing');
    expect(registered).toEqual(['program', 'program ended']);
  });

  it('stops a program that does not become ready in time', async () => {
    const { started, registered } = child(STAY, { readyUrl: 'http://127.0.0.1:1/', readyTimeoutMs: 100 });
    await expect(started).rejects.toThrow('Program did not start (not ready after 0.1 s)');
    expect(registered).toEqual(['program', 'program ended']);
  });

  it('stops a program that nobody waits for any more', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const stopping = new AbortController();
    const { started, registered } = child(STAY, { readyUrl: `http://127.0.0.1:${port}/`, signal: stopping.signal });
    await once(silent, 'request');
    stopping.abort();
    await expect(started).rejects.toMatchObject({ name: 'AbortError' });
    expect(registered).toEqual(['program', 'program ended']);
    silent.closeAllConnections();
    silent.close();
  });

  it('ends by force what ignores SIGTERM, together with what it started', async () => {
    const { started, lines } = child(
      `import { spawn } from 'node:child_process';
       process.on('SIGTERM', () => console.log('no'));
       console.log(spawn(process.execPath, ['--eval', '${STAY}']).pid); ${STAY}`,
      { stopTimeoutMs: 300 },
    );
    const running = await started;
    while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await running.stop();
    expect(await running.exited).toBe('SIGKILL');
    // It is killed in the same instant, and somebody else buries it.
    await until('what it started to end', async () => describeProcess(Number(lines[0])) === undefined);
    expect(lines[1]).toBe('no');
  });

  it('says when there is no such program', async () => {
    const { started } = child('', { command: '/no/such/program' });
    await expect(started).rejects.toThrow(/Program cannot be started: .*ENOENT/);
  });
});
