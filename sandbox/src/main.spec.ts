import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SandboxControl } from './testing/sandbox-control.ts';
import { SandboxProcess } from './testing/sandbox-process.ts';

describe('the sandbox process', () => {
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'sandbox-main-'));
  });
  afterEach(() => rm(stateDir, { recursive: true }));

  it('makes two people at its first start, one of whom answers, and none at the second', async () => {
    const env = { SANDBOX_STATE_DIR: stateDir, SANDBOX_DEMO_PHONES: 'true' };
    const first = await SandboxProcess.start(env);
    const control = await new SandboxControl(first.url).follow();
    const [maya, omar] = (await control.phones()).map(({ phone }) => phone);
    await control.sendText(maya ?? '', omar ?? '', 'hello');
    await control.text(maya ?? '', 'You wrote: hello');
    control.close();
    await first.kill('SIGTERM');
    const second = await SandboxProcess.start(env);
    expect(await new SandboxControl(second.url).phones()).toHaveLength(2);
    await second.kill();
  });

  it.each([
    ['production', { NODE_ENV: 'production' }, 'sandbox: The sandbox does not start with NODE_ENV=production.\n'],
    ['a wrong setting', { SANDBOX_PORT: 'x' }, /^sandbox: Environment: SANDBOX_PORT: .*\n$/],
  ])('ends with one line for %s', async (_what, env, line) => {
    await expect(SandboxProcess.start(env)).rejects.toThrow(line);
  });

  it('ends with one line when its port is taken', async () => {
    const running = await SandboxProcess.start({});
    await expect(SandboxProcess.start({ SANDBOX_PORT: running.port })).rejects.toThrow(
      `sandbox: port ${running.port} is in use`,
    );
    await running.kill();
  });
});
