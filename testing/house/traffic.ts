import { deepEqual, equal } from 'node:assert/strict';
import { setInterval, setTimeout } from 'node:timers/promises';
import { inOrder } from '../in-order.ts';
import { until } from '../until.ts';
import type { LinkedNumber } from './house.ts';
import type { SandboxClient } from './sandbox-client.ts';

const ARRIVAL_MAX_MS = 60_000;

/** People who write to one customer by many numbers, and the customer, who writes to all of them. */
export class Traffic {
  /** What each side has taken, by session. */
  readonly sent = new Map<string, string[]>();
  readonly received = new Map<string, string[]>();
  private ends: AbortController[] = [];
  private loops: Promise<void>[] = [];

  /** @param everyMs how often each number sends, and receives, a message */
  constructor(
    private readonly phones: SandboxClient,
    private readonly numbers: readonly LinkedNumber[],
    private readonly customer: string,
    private readonly everyMs: number,
  ) {}

  /** Both ways, each number in its turn, until told to stop; a message is remembered when its side has taken it. */
  start(): void {
    this.startSending();
    this.startReceiving();
  }

  startReceiving(): void {
    this.keepDoing(async ({ session, phone }, n) => {
      const text = this.next(this.received, session, `in ${n}`);
      const id = `3A${Buffer.from(text).toString('hex').toUpperCase()}`;
      await this.phones.send(this.customer, { to: phone, text, id });
      this.remember(this.received, session, text);
    });
  }

  startSending(): void {
    this.keepDoing(async ({ api, session }, n) => {
      const text = this.next(this.sent, session, `out ${n}`);
      await api.send(session, `+${this.customer}`, text);
      this.remember(this.sent, session, text);
    });
  }

  async stop(): Promise<void> {
    for (const end of this.ends.splice(0)) end.abort();
    await Promise.all(this.loops.splice(0));
  }

  /** Resolves when all of it is there; fails when something is there twice, or was never taken. */
  async arrivedOnce(): Promise<void> {
    for (const { api, session, phone } of this.numbers) {
      const [sent, received] = [this.sent.get(session) ?? [], this.received.get(session) ?? []];
      const onPhone = await until(
        `all messages of ${phone} on the customer's phone`,
        async () => {
          const texts = (await this.phones.messages(this.customer, phone))
            .filter(({ direction }) => direction === 'in')
            .map(({ text }) => text);
          return texts.length >= sent.length && texts;
        },
        { timeoutMs: ARRIVAL_MAX_MS },
      );
      deepEqual(inOrder(onPhone), inOrder(sent));
      const here = await until(
        `all messages to ${phone} in the database`,
        async () => {
          const texts = (await api.messages(session))
            .filter(({ direction }) => direction === 'inbound')
            .map(({ text }) => text);
          return texts.length >= received.length && texts;
        },
        { timeoutMs: ARRIVAL_MAX_MS },
      );
      deepEqual(inOrder(here), inOrder(received));
    }
    equal((await this.phones.stats()).undecryptable, 0);
  }

  private keepDoing(work: (number: LinkedNumber, n: number) => Promise<void>): void {
    const end = new AbortController();
    this.ends.push(end);
    const loops = this.numbers.map(async (number, n) => {
      await setTimeout((n * this.everyMs) / this.numbers.length);
      for await (const _ of setInterval(this.everyMs)) {
        if (end.signal.aborted) return;
        await work(number, n);
      }
    });
    this.loops.push(...loops);
  }

  private next(taken: Map<string, string[]>, session: string, prefix: string): string {
    return `${prefix}-${taken.get(session)?.length ?? 0}`;
  }

  private remember(taken: Map<string, string[]>, session: string, text: string): void {
    taken.set(session, [...(taken.get(session) ?? []), text]);
  }
}
