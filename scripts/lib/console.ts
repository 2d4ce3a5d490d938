const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

export type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number };

/**
 * What the person at the keyboard sees. Finished steps and messages stay as lines; on a terminal one more line below
 * them shows what is being worked on. Anywhere else (CI, a file) there are only lines, without colours.
 */
export class Console {
  private readonly running = new Map<string, number>();
  private readonly live: boolean;
  private readonly colours: boolean;
  private ticker: NodeJS.Timeout | undefined;

  constructor(
    private readonly output: Output = process.stdout,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.live = output.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
    this.colours = this.live && (env.NO_COLOR ?? '') === '';
  }

  /**
   * Shows a step while `work` runs, and how long it took.
   *
   * @param work may return a text that tells more about the outcome, for instance why there was nothing to do.
   */
  async step(title: string, work: () => Promise<string | void>): Promise<void> {
    const startedAt = performance.now();
    this.running.set(title, startedAt);
    if (this.live) this.keepDrawing();
    try {
      const remark = await work();
      this.running.delete(title);
      this.done(title, remark ?? '', performance.now() - startedAt);
    } catch (error) {
      this.running.delete(title);
      this.print(`${this.style('red', '✗')} ${title}`);
      throw error;
    }
  }

  line(text = ''): void {
    this.print(text);
  }

  note(source: string, text: string): void {
    this.print(`${this.style('cyan', source)}  ${text}`);
  }

  warn(source: string, text: string): void {
    this.print(`${this.style('yellow', source)}  ${text}`);
  }

  error(text: string): void {
    this.print(this.style('red', text));
  }

  emphasis(text: string): string {
    return this.style('bold', text);
  }

  private done(title: string, remark: string, tookMs: number): void {
    const details = [remark, seconds(tookMs)].filter((part) => part !== '').join(', ');
    this.print(`${this.style('green', '✓')} ${title} ${this.style('dim', `(${details})`)}`);
  }

  private print(text: string): void {
    this.erase();
    this.output.write(`  ${text}`.trimEnd() + '\n');
    this.draw();
  }

  private keepDrawing(): void {
    this.ticker ??= setInterval(() => this.draw(), 200).unref();
    this.draw();
  }

  private draw(): void {
    if (!this.live) return;
    this.erase();
    if (this.running.size === 0) {
      clearInterval(this.ticker);
      this.ticker = undefined;
      return;
    }
    const now = performance.now();
    const titles = Array.from(this.running, ([title, startedAt]) => `${title} ${seconds(now - startedAt)}`);
    this.output.write(this.style('dim', `  … ${titles.join(' · ')}`.slice(0, (this.output.columns ?? 80) - 1)));
  }

  private erase(): void {
    if (this.live) this.output.write('\r\x1b[K');
  }

  private style(style: keyof typeof STYLES, text: string): string {
    return this.colours ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
