/** The part of libsignal that Baileys does not export; the package has no types of its own for it. */
declare module 'libsignal/src/curve.js' {
  /** @param publicKey 33 bytes, the first of which is 5 */
  export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** One ratchet with a device. */
declare module 'libsignal/src/session_record.js' {
  type Serialized = Readonly<{ readonly brand: unique symbol }>;

  export class SessionEntry {
    readonly ['constructor']: typeof SessionEntry;
    static deserialize(serialized: Serialized): SessionEntry;
    serialize(): Serialized;
    readonly registrationId: number;
    readonly indexInfo: { readonly remoteIdentityKey: Buffer };
    /** There until something was received on it: what is sent carries all that the other side needs to begin. */
    readonly pendingPreKey?: object;
  }

  export default class SessionRecord {
    static deserialize(serialized: unknown): SessionRecord;
    getOpenSession(): SessionEntry | undefined;
  }
}

declare module 'libsignal/src/session_cipher.js' {
  import type { SessionEntry } from 'libsignal/src/session_record.js';

  export default class SessionCipher {
    /** Runs `job` when all others with the same address have ended, whosever they are. */
    queueJob<T>(job: () => Promise<T>): Promise<T>;
    /** Steps the ratchet of `session` and opens the message with it; changes `session` also when it throws. */
    doDecryptWhisperMessage(message: Buffer, session: SessionEntry | undefined): Promise<Buffer>;
  }
}
