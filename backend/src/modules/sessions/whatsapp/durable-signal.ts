import {
  DEFAULT_CONNECTION_CONFIG,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import SessionRecord from 'libsignal/src/session_record.js';
import { deliveryIn } from './key-store.ts';
import type { KeyTransactions } from './key-transactions.ts';
import type { Renewals } from './renewals.ts';
import type { SenderKeys } from './sender-keys.ts';
import { ciphertextId, encodeStoredMessage, type StoredMessage } from './stanza.ts';
import type { Deliveries } from './deliveries.ts';

type Bundle = Parameters<SignalRepositoryWithLIDStore['injectE2ESession']>[0]['session'];
type MakeRepository = SocketConfig['makeSignalRepository'];

/** Looks at what a ciphertext said, before it is stored; `handOver` is called when it is. */
export type ReadDelivery = (
  inboxId: string,
  message: StoredMessage,
) => Readonly<{ inbound: boolean; handOver: () => void }>;

type SignalRooms = Readonly<{
  transactions: KeyTransactions;
  senderKeys: SenderKeys;
  deliveries: Deliveries;
  renewals: Renewals;
  read: ReadDelivery;
}>;

/**
 * Baileys' Signal repository with four things changed (docs/adr/0005-durable-adapter.md):
 *
 * - whatever reads and rewrites the session of one address runs under one lock per *resolved* address (the privacy address
 *   when it is known), in both directions, and is committed before the lock is released;
 * - decrypting stores stanza and plaintext in the same commit as the ratchet step, and the same ciphertext delivered again
 *   is answered from there;
 * - encrypting returns only after its commit, so that no ciphertext leaves before its ratchet is durable;
 * - a working session is kept: Baileys makes a new one with every device that a look-up of devices names, and for every
 *   message that a device asks for again. It is replaced when the device asked for that, or is another than it was.
 */
export const durableSignal =
  ({ transactions, senderKeys, deliveries, renewals, read }: SignalRooms): MakeRepository =>
  (auth, logger, pnToLid) => {
    const keys = useTransactions(auth.keys as SignalKeyStoreWithTransaction, transactions, senderKeys);
    const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);

    const addressOf = async (jid: string): Promise<string> =>
      inner.jidToSignalProtocolAddress((await inner.lidMapping.getLIDForPN(jid)) ?? jid);
    const locked = async <T>(jid: string, work: () => Promise<T>): Promise<T> =>
      keys.transaction(work, await addressOf(jid));

    /** Runs in the transaction that would replace the session. */
    const keepsSession = async (jid: string, { identityKey, registrationId }: Bundle): Promise<boolean> => {
      const address = await addressOf(jid);
      const { [address]: record } = await keys.get('session', [address]);
      const session = record && SessionRecord.deserialize(record).getOpenSession();
      if (!session) return false;
      const same = session.registrationId === registrationId && session.indexInfo.remoteIdentityKey.equals(identityKey);
      return same && !(await renewals.take(address, { pending: session.pendingPreKey !== undefined, addressOf }));
    };

    /** Decrypts a ciphertext once. What it said is in the inbox until a message is made of it. */
    const opened = async (
      ciphertext: Uint8Array,
      lock: string,
      decrypt: () => Promise<Uint8Array>,
    ): Promise<Uint8Array> => {
      const id = ciphertextId(ciphertext);
      const before = deliveries.plaintextOf(id);
      if (before) return before;
      const stanza = deliveries.stanzaOf(id);
      let plaintext: Uint8Array = new Uint8Array();
      let delivery: ReturnType<ReadDelivery> | undefined;
      await keys.transaction(async () => {
        plaintext = await decrypt();
        if (!stanza) return;
        delivery = read(id, { stanza, plaintext });
        const plain = encodeStoredMessage({ stanza, plaintext });
        await keys.set(deliveryIn({ id, kind: 'message', inbound: delivery.inbound, plain }));
      }, lock);
      if (delivery) {
        deliveries.stored(id, plaintext);
        delivery.handOver();
      }
      return plaintext;
    };

    // The library's own object, changed in place: its methods call each other.
    return Object.assign(Object.create(inner) as SignalRepositoryWithLIDStore, {
      encryptMessage: (options) => locked(options.jid, () => inner.encryptMessage(options)),
      injectE2ESession: ({ jid, session }) =>
        locked(jid, async () => {
          if (!(await keepsSession(jid, session))) await inner.injectE2ESession({ jid, session });
        }),
      migrateSession: (from, to) => locked(to, () => inner.migrateSession(from, to)),
      decryptMessage: async (options) =>
        opened(options.ciphertext, await addressOf(options.jid), () => inner.decryptMessage(options)),
      decryptGroupMessage: (options) => opened(options.msg, options.group, () => inner.decryptGroupMessage(options)),
      encryptGroupMessage: (options) => keys.transaction(() => inner.encryptGroupMessage(options), options.group),
      processSenderKeyDistributionMessage: (options) =>
        keys.transaction(() => inner.processSenderKeyDistributionMessage(options), options.item.groupId ?? ''),
    } satisfies Partial<SignalRepositoryWithLIDStore>);
  };

/** Changes the socket's own object in place: everything of that socket asks it for keys. */
const useTransactions = (
  keys: SignalKeyStoreWithTransaction,
  own: KeyTransactions,
  senderKeys: SenderKeys,
): SignalKeyStoreWithTransaction =>
  Object.assign(keys, {
    get: senderKeys.get.bind(senderKeys),
    set: senderKeys.set.bind(senderKeys),
    isInTransaction: own.isInTransaction.bind(own),
    transaction: own.transaction.bind(own),
  } satisfies SignalKeyStoreWithTransaction);
