/** The sandbox as a process of its own, for tests that kill it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Trust } from '../index.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const START_TIMEOUT_MS = 20_000;

export class SandboxProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves once it is ready. @throws with what it wrote on stderr when it ends instead. */
  static async start(env: Record<string, string>): Promise<SandboxProcess> {
    const { NODE_OPTIONS: _forJestAlone, ...inherited } = process.env;
    const defaults = {
      SANDBOX_PORT: '0',
      SANDBOX_MEDIA_PORT: '0',
      SANDBOX_DEMO_PHONES: 'false',
      SANDBOX_LOG_LEVEL: 'error',
      NODE_ENV: 'test',
    };
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
      env: { ...inherited, ...defaults, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    for await (const line of createInterface({ input: child.stdout })) {
      clearTimeout(timer);
      const { url } = JSON.parse(line) as { url: string };
      return new SandboxProcess(child, url);
    }
    clearTimeout(timer);
    throw new Error(complaint || 'the sandbox did not start');
  }

  get port(): string {
    return new URL(this.url).port;
  }

  async trust(): Promise<Trust> {
    return (await (await fetch(`${this.url}/trust`)).json()) as Trust;
  }

  /** Ends it, by default without giving it a chance. Resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}
