/**
 * Baileys guards the upload of pre-keys with a timer of 30 s that it never clears, and so keeps a finished test run
 * alive. Timers this long hold nothing up that a test waits for: they no longer keep the process.
 */
const LONG_MS = 20_000;
const patched = Symbol.for('wasel.unref-long-timers');

export function unrefLongTimers(): void {
  const target = globalThis as typeof globalThis & { [patched]?: true };
  if (target[patched]) return;
  target[patched] = true;
  const original = globalThis.setTimeout;
  const replacement = (handler: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => {
    const timer = original(handler, delayMs, ...args);
    if ((delayMs ?? 0) >= LONG_MS) timer.unref();
    return timer;
  };
  globalThis.setTimeout = Object.assign(replacement, original);
}
