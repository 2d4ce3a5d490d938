import { setInterval } from 'node:timers/promises';

/**
 * Asks until the answer is not undefined, false or a failure, and returns it. For states of other processes, which
 * announce nothing; inside one process wait for the event instead.
 *
 * @param what completes the sentence "still waiting for …" of the error.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 30_000, everyMs = 25 } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  const ticks = setInterval(everyMs)[Symbol.asyncIterator]();
  try {
    for (;;) {
      let failure: unknown;
      try {
        const answer = await ask();
        if (answer !== undefined && answer !== false) return answer;
      } catch (reason) {
        failure = reason;
      }
      if (performance.now() > deadline)
        throw new Error(`After ${timeoutMs} ms still waiting for ${what}`, { cause: failure });
      await ticks.next();
    }
  } finally {
    await ticks.return?.();
  }
}
