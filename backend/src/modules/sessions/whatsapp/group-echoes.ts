import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Clock } from '../../../kernel/clock.ts';

/** WhatsApp tells of a change when it answers, now before and now after. */
const ECHO_MS = 2_000;

export type Echo = Readonly<{
  /** @returns false when nothing was told in time */
  came: () => Promise<boolean>;
  forget: () => void;
}>;

/** What WhatsApp tells of groups because of what this device does to them. */
export class GroupEchoes {
  private readonly expected = new Set<{ jid: string; heard: () => void }>();

  constructor(
    private readonly clock: Clock,
    private readonly closed: AbortSignal,
  ) {}

  /** Something was told of a group, and is written down. */
  heard({ attrs }: BinaryNode): void {
    for (const one of this.expected) if (one.jid === attrs.from) one.heard();
  }

  /** From now on. */
  expect(jid: string): Echo {
    let hasCome = false;
    let end = (): void => undefined;
    const one = {
      jid,
      heard: () => {
        hasCome = true;
        end();
      },
    };
    this.expected.add(one);
    const came = async (): Promise<boolean> => {
      if (hasCome || this.closed.aborted) return hasCome;
      const pause = this.clock.pause(ECHO_MS);
      ({ end } = pause);
      this.closed.addEventListener('abort', pause.end, { once: true });
      await pause.over;
      this.closed.removeEventListener('abort', pause.end);
      return hasCome;
    };
    return { came, forget: () => void this.expected.delete(one) };
  }
}
