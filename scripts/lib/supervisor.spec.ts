import { describe, expect, it } from '@jest/globals';
import { Console } from './console.ts';
import type { RunningService, Service } from './service.ts';
import { Supervisor } from './supervisor.ts';

/** A service in this process, which a test ends and lets start as it likes. */
class Scripted implements Service {
  readonly starts: number[] = [];
  readonly stopped: string[];
  private end: (outcome: string) => void = () => undefined;
  private waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly failures: number[] = [],
    stopped: string[] = [],
  ) {
    this.stopped = stopped;
  }

  start(): Promise<RunningService> {
    this.starts.push(performance.now());
    for (const resolve of this.waiting.splice(0)) resolve();
    if (this.failures.includes(this.starts.length)) return Promise.reject(new Error('no luck'));
    const exited = new Promise<string>((resolve) => {
      this.end = resolve;
    });
    const stop = async () => {
      this.stopped.push(this.name);
      this.end('SIGTERM');
    };
    return Promise.resolve({ pid: 1, exited, stop, kill: () => this.end('SIGKILL') });
  }

  crash(outcome: string): void {
    this.end(outcome);
  }

  async started(times: number): Promise<void> {
    while (this.starts.length < times) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

function supervise(backoff = { firstMs: 1, maxMs: 10, healthyAfterMs: 60_000 }) {
  const stopping = new AbortController();
  let said = '';
  const console = new Console({ write: (text) => (said += text) }, {});
  const supervisor = new Supervisor(console, stopping.signal, backoff);
  return { supervisor, stopping, said: () => said };
}

describe('Supervisor', () => {
  it('starts again what ends, and says so in one line', async () => {
    const { supervisor, said } = supervise();
    const service = new Scripted('backend');
    await supervisor.run(service);
    service.crash('exit code 7');
    await service.started(2);
    expect(said()).toContain('  backend  ended (exit code 7); starting it again\n');
  });

  it('goes on trying when it cannot be started again', async () => {
    const { supervisor, said } = supervise();
    const service = new Scripted('backend', [2, 3]);
    await supervisor.run(service);
    service.crash('SIGKILL');
    await service.started(4);
    expect(said()).toContain('  backend  no luck; trying again\n');
  });

  it('waits longer each time that it does not stay up', async () => {
    const { supervisor } = supervise({ firstMs: 20, maxMs: 60, healthyAfterMs: 60_000 });
    const service = new Scripted('backend', [2, 3, 4, 5]);
    await supervisor.run(service);
    service.crash('SIGKILL');
    await service.started(6);
    const pauses = service.starts.slice(2).map((time, index) => time - (service.starts[index + 1] ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(38);
    expect(pauses[1]).toBeGreaterThanOrEqual(58);
    expect(pauses[3]).toBeGreaterThanOrEqual(58);
  });

  it('fails when the first start fails, and starts nothing again', async () => {
    const { supervisor } = supervise();
    const service = new Scripted('backend', [1]);
    await expect(supervisor.run(service)).rejects.toThrow('no luck');
    expect(service.starts).toHaveLength(1);
  });

  it('stops in the order that it is told, and starts nothing afterwards', async () => {
    const { supervisor, stopping } = supervise();
    const stopped: string[] = [];
    const services = ['postgres', 'backend', 'dashboard'].map((name) => new Scripted(name, [], stopped));
    for (const service of services) await supervisor.run(service);
    stopping.abort();
    await supervisor.stop(['backend', 'dashboard', 'postgres']);

    expect(stopped).toEqual(['backend', 'dashboard', 'postgres']);
    expect(services.map(({ starts }) => starts.length)).toEqual([1, 1, 1]);
  });
});
