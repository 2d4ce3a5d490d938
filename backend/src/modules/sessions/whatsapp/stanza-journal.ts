import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';

type Listener = (stanza: BinaryNode) => unknown;

export type StanzaJournal = Readonly<{
  /** A message came in, before Baileys sees it. */
  message: (stanza: BinaryNode) => void;
  /** A receipt came in; Baileys sees it, and acknowledges it, when the promise resolves. Rejecting keeps it from Baileys. */
  receipt: (stanza: BinaryNode) => Promise<void>;
  /** Baileys has done what it does with a stanza, or failed to. */
  handled: (stanza: BinaryNode) => void;
}>;

/**
 * Puts us before Baileys for messages and receipts, which it acknowledges by itself. The order of the wire is kept: what
 * comes after a receipt waits until that receipt is written down, and a message until Baileys is done with the one before.
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
    if (name !== 'CB:message' && name !== 'CB:receipt') return emit(name as string, ...parts);
    const stanza = parts[0] as BinaryNode;
    tail = tail.then(async () => {
      if (name === 'CB:receipt') {
        await journal.receipt(stanza);
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
