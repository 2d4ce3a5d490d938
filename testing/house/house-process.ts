import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';

const ROOT = join(import.meta.dirname, '../..');
const OUTPUT_PIECES_MAX = 20_000;
/** Where all that the parts write is kept too, one file for each; for whoever looks into a failure. */
const LOG_DIR = process.env.HOUSE_LOG_DIR;

/** A part of the house that runs as a process of its own, can be killed at any moment, and started again as it was. */
export class HouseProcess {
  private child: ChildProcess | undefined;
  private readonly pieces: string[] = [];

  /**
   * @param script path from the root of the repository, as built
   * @param readyUrl answers 200 when the part can be used
   */
  constructor(
    readonly name: string,
    private readonly script: string,
    readonly env: Readonly<Record<string, string>>,
    private readonly readyUrl: string,
    private readonly args: readonly string[] = [],
  ) {}

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.name} is not running`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it wrote lately, both streams. */
  get output(): string {
    return this.pieces.join('');
  }

  /** Starts it and waits until it can be used. */
  async start(env: Record<string, string> = {}): Promise<void> {
    this.launch(env);
    await this.ready();
  }

  /** Starts it without waiting. @param env settings for this time only */
  launch(env: Record<string, string> = {}): void {
    const child = spawn(process.execPath, [this.script, ...this.args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        this.pieces.push(data.toString());
        if (LOG_DIR) appendFileSync(join(LOG_DIR, `${this.name}.log`), data);
        if (this.pieces.length > OUTPUT_PIECES_MAX) this.pieces.splice(0, this.pieces.length - OUTPUT_PIECES_MAX);
      });
    }
    this.child = child;
  }

  async ready(timeoutMs = 60_000): Promise<void> {
    await until(
      `${this.name} to be ready`,
      async () => {
        if (this.child && !this.isRunning) {
          throw new Error(`${this.name} ended with ${this.child.exitCode ?? this.child.signalCode}:\n${this.output}`);
        }
        return (await fetch(this.readyUrl)).ok;
      },
      { timeoutMs },
    );
  }

  /** Sends a signal and waits for the end when it ends the process. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Stops the process as a debugger or a frozen machine would: it is there, and does nothing. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }
}
