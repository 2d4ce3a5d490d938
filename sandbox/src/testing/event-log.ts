/** Remembers events and lets tests wait for one, whether it has happened already or is to come. No polling, no sleeping. */
const DEFAULT_TIMEOUT_MS = 10_000;

type Waiter<E> = { read: (event: E) => unknown; resolve: (value: never) => void };

export class EventLog<E> {
  readonly events: E[] = [];
  readonly #waiters = new Set<Waiter<E>>();

  push(event: E): void {
    this.events.push(event);
    for (const waiter of this.#waiters) {
      const value = waiter.read(event);
      if (value === undefined) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(value as never);
    }
  }

  /**
   * The first thing that `read` finds in an event. @throws when nothing comes in time, naming `what` was waited for.
   * @param since index into `events` from which on the past counts; by default all of it does.
   */
  async waitFor<R>(
    what: string,
    read: (event: E) => R | undefined,
    { since = 0, timeoutMs = DEFAULT_TIMEOUT_MS } = {},
  ): Promise<R> {
    for (const event of this.events.slice(since)) {
      const value = read(event);
      if (value !== undefined) return value;
    }
    return new Promise<R>((resolve, reject) => {
      const waiter: Waiter<E> = {
        read,
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`waited ${timeoutMs} ms in vain for ${what}`));
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }
}
