import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import { tellsOfGroup } from './group-stanzas.ts';

type Listener = (stanza: BinaryNode) => unknown;

export type StanzaJournal = Readonly<{
  /** A message came in, before Baileys sees it. */
  message: (stanza: BinaryNode) => void;
  /** A receipt came in; Baileys sees it, and acknowledges it, when the promise resolves. Rejecting keeps it from Baileys. */
  receipt: (stanza: BinaryNode) => Promise<void>;
  /** As `receipt`, of what happened in a group. */
  group: (stanza: BinaryNode) => Promise<void>;
  /** WhatsApp says that something is not as we have it. @returns true when Baileys is not to know */
  dirty: (stanza: BinaryNode) => boolean;
  /** Baileys has done what it does with a stanza, or failed to. */
  handled: (stanza: BinaryNode) => void;
}>;

/**
 * Puts us before Baileys for messages, receipts and what happens in groups, which it acknowledges by itself. The order of the wire is kept: what
 * comes after one that is written down waits until it is, and a message until Baileys is done with the one before.
 * @param closed what has not been passed on by then is dropped: the server delivers it again
 */
export function interceptStanzas(ws: WASocket['ws'], closed: AbortSignal, journal: StanzaJournal): void {
  const emit = ws.emit.bind(ws);
  let tail: Promise<void> = Promise.resolve();
  let messages: Promise<void> = Promise.resolve();
  const failed = (): void => undefined; // what follows has nothing to do with it

  const pass = async (name: string, stanza: BinaryNode): Promise<void> => {
    if (closed.aborted) return;
    const listeners = ws.listeners(name) as Listener[];
    await Promise.allSettled(listeners.map(async (listener) => listener(stanza)));
    journal.handled(stanza);
  };

  ws.emit = (name: string | symbol, ...parts: unknown[]) => {
    const stanza = parts[0] as BinaryNode;
    if (name === 'CB:ib,,dirty' && journal.dirty(stanza)) return true;
    const isGroup = name === 'CB:notification' && tellsOfGroup(stanza);
    if (name !== 'CB:message' && name !== 'CB:receipt' && !isGroup) return emit(name as string, ...parts);
    tail = tail.then(async () => {
      if (name !== 'CB:message') {
        await (isGroup ? journal.group(stanza) : journal.receipt(stanza));
        void pass(name, stanza);
      } else {
        journal.message(stanza);
        messages = messages.then(() => pass(name, withoutOfflineQueue(stanza))).catch(failed);
      }
    });
    tail = tail.catch(failed); // the write failed: the connection is over, the server delivers it again
    return true;
  };
}

/**
 * Baileys puts what waited at the server aside, so that what is written meanwhile overtakes it, and does not say when it is
 * done with it.
 */
function withoutOfflineQueue(stanza: BinaryNode): BinaryNode {
  delete stanza.attrs.offline;
  return stanza;
}
