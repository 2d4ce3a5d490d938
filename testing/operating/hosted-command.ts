import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { signal } from '../../scripts/lib/processes.ts';

/** A command as a host runs it: by a shell that becomes it, with the variables that were set there and no others. */
export class HostedCommand {
  /** Resolves with `exit code 0`, or the signal that ended it. */
  readonly ended: Promise<string>;
  /** As `ended` will say; undefined while it runs. */
  outcome: string | undefined;
  private readonly child: ChildProcess;
  private text = '';

  constructor(command: string, cwd: string, env: Record<string, string>) {
    this.child = spawn('/bin/sh', ['-c', `exec ${command}`], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.text += data.toString();
      });
    }
    this.ended = once(this.child, 'close').then(() => {
      this.outcome = this.child.signalCode ?? `exit code ${this.child.exitCode}`;
      return this.outcome;
    });
  }

  get output(): string {
    return this.text;
  }

  /** The processes that it has started and that run. */
  get children(): number[] {
    const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
    return table
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid = 0, parent]) => (parent === this.child.pid ? [pid] : []));
  }

  /** As a host does before it replaces it. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** Ends it and all that it started, whatever they think of it. */
  async kill(): Promise<void> {
    if (this.outcome !== undefined) return;
    for (const child of this.children) signal(child, 'SIGKILL');
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
