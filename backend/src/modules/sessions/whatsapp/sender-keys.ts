import {
  jidDecode,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStoreWithTransaction,
} from '@whiskeysockets/baileys';

/** Whose devices have our sender key of a group: Baileys' `sender-key-memory`. */
type Memory = SignalDataTypeMap['sender-key-memory'];
type Given = Readonly<{ jid: string; whatsappMessageId: string; memory: Memory }>;

const MEMORY = 'sender-key-memory';

/**
 * Who has our sender key of a group, which goes out with the first message that he is to read. Baileys notes everybody as having
 * it before that message has left; here it counts when WhatsApp's server has it, so that nobody is left without the key by a
 * line that breaks. Until then it counts for this connection alone.
 *
 * Whoever leaves a group takes its sender keys along: ours is made anew then, which Baileys never does.
 */
export class SenderKeys {
  private readonly given: Given[] = [];
  private sending: Readonly<{ jid: string; whatsappMessageId: string }> | undefined;
  private tail: Promise<unknown> = Promise.resolve();

  /** @param own the addresses of this device */
  constructor(
    private readonly keys: Pick<SignalKeyStoreWithTransaction, 'get' | 'set' | 'transaction'>,
    private readonly own: () => readonly string[],
  ) {}

  /** Sends into a group, one at a time; nothing about its keys changes meanwhile. */
  during(jid: string, whatsappMessageId: string, relay: () => Promise<unknown>): Promise<void> {
    return this.next(async () => {
      this.sending = { jid, whatsappMessageId };
      try {
        await relay();
      } finally {
        this.sending = undefined;
      }
    });
  }

  /** Somebody is in the group no more: what is written from now on is not for him. */
  forget(jid: string): Promise<void> {
    return this.next(async () => {
      this.drop(({ jid: of }) => of === jid);
      const gone = Object.fromEntries(this.own().map((address) => [nameOf(jid, address), null]));
      const change = { 'sender-key': gone, [MEMORY]: { [jid]: null } };
      await this.keys.transaction(async () => this.keys.set(change), jid);
    });
  }

  /** WhatsApp's server has answered: what went out with this message is there, or is not. */
  async answered(whatsappMessageId: string, isTaken: boolean): Promise<void> {
    const place = this.given.findIndex((one) => one.whatsappMessageId === whatsappMessageId);
    const one = this.given[place];
    if (!one) return;
    if (!isTaken) return this.drop(({ jid }, at) => jid === one.jid && at >= place); // later ones relied on it
    this.given.splice(place, 1);
    await this.keys.set({ [MEMORY]: { [one.jid]: one.memory } });
  }

  async get<T extends keyof SignalDataTypeMap>(
    type: T,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    const found = await this.keys.get(type, ids);
    if (type !== MEMORY) return found;
    const known = found as Record<string, Memory>;
    const latest = (jid: string): Memory => this.given.findLast((one) => one.jid === jid)?.memory ?? known[jid] ?? {};
    // Copies: Baileys writes into what it is given.
    return Object.fromEntries(ids.map((jid) => [jid, { ...latest(jid) }])) as Record<string, SignalDataTypeMap[T]>;
  }

  async set({ [MEMORY]: memories, ...others }: SignalDataSet): Promise<void> {
    for (const [jid, memory] of Object.entries(memories ?? {}))
      if (memory && this.sending?.jid === jid) this.given.push({ ...this.sending, memory: { ...memory } });
    if (Object.keys(others).length > 0) await this.keys.set(others);
  }

  private drop(which: (one: Given, at: number) => boolean): void {
    const kept = this.given.filter((one, at) => !which(one, at));
    this.given.splice(0, this.given.length, ...kept);
  }

  private next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.tail.then(work);
    this.tail = mine.catch(() => undefined);
    return mine;
  }
}

/** Under which Baileys keeps the sender key of a device, as its libsignal.js names it. */
function nameOf(jid: string, address: string): string {
  const { user, device = 0, domainType = 0 } = jidDecode(address) ?? { user: '' };
  return `${jid}::${domainType === 0 ? user : `${user}_${domainType}`}::${device}`;
}
