import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findFreePort, stablePorts, whyUnusable } from './ports.ts';

async function occupying<T>(port: number, host: string, work: () => Promise<T>): Promise<T> {
  const occupant = createServer().listen(port, host);
  await once(occupant, 'listening');
  try {
    return await work();
  } finally {
    occupant.close();
    await once(occupant, 'close');
  }
}

describe('whyUnusable', () => {
  it('has nothing to say about a free port', async () => {
    expect(await whyUnusable(await findFreePort(), '127.0.0.1')).toBeUndefined();
  });

  it('names the cure when the port is taken', async () => {
    const port = await findFreePort();
    const reason = await occupying(port, '127.0.0.1', () => whyUnusable(port, '127.0.0.1'));
    expect(reason).toBe(
      `Port ${port} is taken: stop what uses it, or choose another one, for instance PORT=${port + 1} npm start`,
    );
  });

  it('names HOST when it is no address of this machine', async () => {
    expect(await whyUnusable(await findFreePort(), '192.0.2.1')).toMatch(/^HOST is "192.0.2.1", which is no address/);
  });
});

describe('stablePorts', () => {
  it('answers the same ports again, except one that is taken meanwhile', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ports-'));
    const file = join(directory, 'ports.json');
    const first = await stablePorts(file, ['postgres', 'sandbox']);
    expect(await stablePorts(file, ['postgres', 'sandbox'])).toEqual(first);

    const third = await occupying(first.sandbox, '127.0.0.1', () => stablePorts(file, ['postgres', 'sandbox']));
    expect(third.postgres).toBe(first.postgres);
    expect(third.sandbox).not.toBe(first.sandbox);
    rmSync(directory, { recursive: true });
  });
});
