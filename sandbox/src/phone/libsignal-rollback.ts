/**
 * libsignal tries a message on every session that it has with the sender, and steps the ratchet of each before it knows
 * whether the message belongs to it; when a later one opens it, all are stored, and those tried in vain are of no more use.
 * The phones of WhatsApp do not do that. Repaired, a session that did not open the message stays as it was.
 */
import SessionCipher from 'libsignal/src/session_cipher.js';

const repaired = Symbol.for('wasel.rollsBackFailedTrials');

/** Process-wide; calling it again changes nothing. */
export function rollBackFailedTrials(): void {
  const cipher = SessionCipher.prototype as SessionCipher & { [repaired]?: true };
  if (cipher[repaired]) return;
  cipher[repaired] = true;
  // oxlint-disable-next-line typescript/unbound-method -- called below with the cipher it belongs to
  const decrypt = cipher.doDecryptWhisperMessage;
  cipher.doDecryptWhisperMessage = async function (message, session) {
    const before = session?.serialize();
    try {
      return await decrypt.call(this, message, session);
    } catch (error) {
      if (session && before) Object.assign(session, session.constructor.deserialize(before));
      throw error;
    }
  };
}
