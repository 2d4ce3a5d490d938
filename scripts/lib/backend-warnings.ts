/** Pino's level of a warning; errors and fatal ones are above it. */
const WARN = 40;

const LINES_PER_WINDOW = 5;
const WINDOW_MS = 10_000;

/** @returns what a log line warns of; undefined when it is no warning, or no log line at all. */
export function warningIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } };
    if (typeof record.level !== 'number' || record.level < WARN) return undefined;
    return [record.msg, record.err?.message].filter((part) => typeof part === 'string').join(': ') || line;
  } catch {
    return undefined;
  }
}

/** Lets a few lines pass and then tells how many it held back, so that a fault in a loop does not flood the console. */
export class Trickle {
  private windowStart = -Infinity;
  private count = 0;

  constructor(
    private readonly show: (line: string) => void,
    private readonly whereIsTheRest: string,
  ) {}

  add(line: string, nowMs: number): void {
    if (nowMs - this.windowStart > WINDOW_MS) {
      this.windowStart = nowMs;
      this.count = 0;
    }
    this.count += 1;
    if (this.count <= LINES_PER_WINDOW) this.show(line);
    else if (this.count === LINES_PER_WINDOW + 1) this.show(`… more in ${this.whereIsTheRest}`);
  }
}
