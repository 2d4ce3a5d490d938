import type { BinaryNode } from '@whiskeysockets/baileys';
import { boundedMap } from './bounded-map.ts';
import { childrenOf } from './stanza.ts';

/** Devices that asked for something again and were not answered yet; a group has at most some thousand. */
const ASKED_MAX = 5_000;

/** Which devices asked for a message again, and so may need a new session. */
export class Renewals {
  /** How often a device has asked for its message, by the device's JID. */
  private readonly asked = boundedMap<number>(ASKED_MAX);

  /** A receipt came in; Baileys has not seen it yet. */
  arrive({ attrs, ...stanza }: BinaryNode): void {
    const device = attrs.participant ?? attrs.from;
    if (attrs.type !== 'retry' || !device) return;
    const [retry] = childrenOf({ attrs, ...stanza }, 'retry');
    this.asked.set(device, Math.max(Number(retry?.attrs.count ?? 1), this.asked.peek(device) ?? 0));
  }

  /**
   * Whether the session with an address is to be replaced; asking again answers no until the device asks again.
   * @param pending nothing was received on the session yet: what is sent on it brings all that is needed to open it, so the
   * first time that a device asks, sending again is enough. This is what keeps ten messages that could not be read from
   * making ten sessions, each of which closes the one before it.
   */
  async take(
    address: string,
    { pending, addressOf }: { pending: boolean; addressOf: (jid: string) => Promise<string> },
  ): Promise<boolean> {
    for (const [device, count] of this.asked) {
      if ((await addressOf(device)) !== address) continue;
      this.asked.delete(device);
      return count > 1 || !pending;
    }
    return false;
  }
}
