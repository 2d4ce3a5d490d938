/** The part of libsignal that Baileys does not export; the package has no types of its own for it. */
declare module 'libsignal/src/session_cipher.js' {
  type Session = { serialize(): object; constructor: { deserialize(serialized: object): Session } };

  export default class SessionCipher {
    /** Steps the ratchet of `session` and opens the message with it; changes `session` also when it throws. */
    doDecryptWhisperMessage(message: Buffer, session: Session | undefined): Promise<Buffer>;
  }
}
