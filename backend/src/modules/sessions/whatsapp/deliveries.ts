import type { BinaryNode } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { boundedMap } from './bounded-map.ts';
import { childrenOf, ciphertextId } from './stanza.ts';

/** Stanzas that arrived and were not decrypted yet; more than a burst of offline messages never wait. */
const ARRIVED_MAX = 5_000;
const RECENT_MAX_BYTES = 1_000_000;

/**
 * What is between the wire and the database for one connection: which stanza a ciphertext came with, and what ciphertexts
 * said that are stored in the inbox and are no message yet.
 */
export class Deliveries {
  private readonly arrived = boundedMap<BinaryNode>(ARRIVED_MAX);
  private readonly open = new Map<string, Uint8Array>();
  /** A server that has not heard our receipt delivers again what is stored already. */
  private readonly recent = new LRUCache<string, Uint8Array>({
    maxSize: RECENT_MAX_BYTES,
    sizeCalculation: (bytes) => bytes.length + 1,
  });

  /** A message stanza came in; Baileys has not seen it yet. */
  arrive(stanza: BinaryNode): void {
    for (const { content } of childrenOf(stanza, 'enc')) {
      if (content instanceof Uint8Array) this.arrived.set(ciphertextId(content), stanza);
    }
  }

  stanzaOf(id: string): BinaryNode | undefined {
    return this.arrived.get(id);
  }

  plaintextOf(id: string): Uint8Array | undefined {
    return this.open.get(id) ?? this.recent.get(id);
  }

  /** The inbox row of this ciphertext is committed. */
  stored(id: string, plaintext: Uint8Array): void {
    this.arrived.delete(id);
    this.open.set(id, plaintext);
  }

  /** The inbox row is gone: what was to be made of it is made. */
  settled(ids: Iterable<string>): void {
    for (const id of ids) {
      const plaintext = this.open.get(id);
      if (plaintext) this.recent.set(id, plaintext);
      this.open.delete(id);
    }
  }
}
