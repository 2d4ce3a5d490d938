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
  let lastFailure: unknown;
  for await (const _ of setInterval(everyMs)) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      lastFailure = undefined;
    } catch (failure) {
      lastFailure = failure;
    }
    if (performance.now() > deadline) break;
  }
  throw new Error(`After ${timeoutMs} ms still waiting for ${what}`, { cause: lastFailure });
}
