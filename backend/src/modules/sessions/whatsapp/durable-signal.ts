import {
  DEFAULT_CONNECTION_CONFIG,
  type SignalAuthState,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import { deliveryIn } from './key-store.ts';
import { ciphertextId, encodeStoredMessage, type StoredMessage } from './stanza.ts';
import type { Deliveries } from './deliveries.ts';

type MakeRepository = SocketConfig['makeSignalRepository'];

/**
 * Baileys' Signal repository with three things changed (docs/adr/0005-durable-adapter.md):
 *
 * - whatever reads and rewrites the session of one address runs under one lock per *resolved* address (the privacy address
 *   when it is known), in both directions, and is committed before the lock is released;
 * - decrypting stores stanza and plaintext in the same commit as the ratchet step, and the same ciphertext delivered again
 *   is answered from there;
 * - encrypting returns only after its commit, so that no ciphertext leaves before its ratchet is durable.
 */
export const durableSignal =
  (deliveries: Deliveries, onDecrypted: (inboxId: string, message: StoredMessage) => void): MakeRepository =>
  (auth, logger, pnToLid) => {
    const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);
    const keys = auth.keys as SignalAuthState['keys'] & SignalKeyStoreWithTransaction;

    const addressOf = async (jid: string): Promise<string> =>
      inner.jidToSignalProtocolAddress((await inner.lidMapping.getLIDForPN(jid)) ?? jid);
    const locked = async <T>(jid: string, work: () => Promise<T>): Promise<T> =>
      keys.transaction(work, await addressOf(jid));

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
      await keys.transaction(async () => {
        plaintext = await decrypt();
        if (stanza)
          await keys.set(deliveryIn({ id, kind: 'message', plain: encodeStoredMessage({ stanza, plaintext }) }));
      }, lock);
      if (stanza) {
        deliveries.stored(id, plaintext);
        onDecrypted(id, { stanza, plaintext });
      }
      return plaintext;
    };

    // The library's own object, changed in place: its methods call each other.
    return Object.assign(Object.create(inner) as SignalRepositoryWithLIDStore, {
      encryptMessage: (options) => locked(options.jid, () => inner.encryptMessage(options)),
      injectE2ESession: (options) => locked(options.jid, () => inner.injectE2ESession(options)),
      migrateSession: (from, to) => locked(to, () => inner.migrateSession(from, to)),
      decryptMessage: async (options) =>
        opened(options.ciphertext, await addressOf(options.jid), () => inner.decryptMessage(options)),
      decryptGroupMessage: (options) => opened(options.msg, options.group, () => inner.decryptGroupMessage(options)),
      encryptGroupMessage: (options) => keys.transaction(() => inner.encryptGroupMessage(options), options.group),
      processSenderKeyDistributionMessage: (options) =>
        keys.transaction(() => inner.processSenderKeyDistributionMessage(options), options.item.groupId ?? ''),
    } satisfies Partial<SignalRepositoryWithLIDStore>);
  };
