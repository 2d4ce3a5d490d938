import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command, HostSettings } from './bare-host.ts';

type Answer = { done: true } | { error: string };

/** A process of `bare-host.ts`, which does one thing at a time. */
export class BareHost {
  private constructor(private readonly child: ChildProcess) {}

  /** @param inspect port on which its garbage can be collected */
  static async start(settings: HostSettings, inspect?: number): Promise<BareHost> {
    const execArgv = ['--import', 'tsx', ...(inspect ? [`--inspect=127.0.0.1:${inspect}`] : [])];
    const child = fork(join(import.meta.dirname, 'bare-host.ts'), [JSON.stringify(settings)], {
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const host = new BareHost(child);
    await host.answer();
    return host;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async run(command: Command): Promise<void> {
    this.child.send(command);
    await this.answer();
  }

  private async answer(): Promise<void> {
    const [answer] = (await Promise.race([
      once(this.child, 'message'),
      once(this.child, 'exit').then(([code]) => [{ error: `bare Baileys ended with ${String(code)}` }]),
    ])) as [Answer];
    if ('error' in answer) throw new Error(answer.error);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
