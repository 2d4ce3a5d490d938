import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A command of the repository that a test runs, as a person would. */
export class Command {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown[]>;
  private text = '';

  constructor(directory: string, args: string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [join(directory, 'scripts/bootstrap.mjs'), ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.text += data.toString();
        this.child.emit('said');
      });
    }
  }

  /** What it wrote to the console so far. */
  get output(): string {
    return this.text;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Resolves when it has written this, `times` times in all. @throws when it ends without. */
  async says(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern, 'g');
    while ((this.text.match(all) ?? []).length < times) {
      const ended = await Promise.race([once(this.child, 'said').then(() => false), this.ended.then(() => true)]);
      if (ended && !pattern.test(this.text)) throw new Error(`It ended without saying ${pattern}:\n${this.text}`);
    }
  }

  /** Resolves with its exit code, or the signal that ended it. */
  async exit(): Promise<number | NodeJS.Signals | null> {
    await this.ended;
    return this.child.exitCode ?? this.child.signalCode;
  }
}
