import { AsyncResource } from 'node:async_hooks';
import { Curve, generateSignalPubKey, WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { verifySignature } from 'libsignal/src/curve.js';
import SessionCipher from 'libsignal/src/session_cipher.js';

/**
 * What Baileys keeps once per process, set right before the first socket.
 *
 * - `Curve.verify` of 7.0.0-rc14 answers true for any signature of the right length: it drops the boolean of libsignal and
 *   only catches exceptions. Repaired, the server's certificate chain and a companion's identity are really checked.
 * - libsignal tries a message on every session it has with the sender, and steps the ratchet of each before it knows whether
 *   the message belongs to it; when another one opens it, all are stored. What is sent on such a session later, nobody can
 *   read. Repaired, a session that did not open the message stays as it was.
 * - libsignal queues what it does with an address, for all numbers of the process together, and runs what waited on behalf of
 *   whoever came first: its keys were read and written outside of their transaction. Repaired, each runs on its own behalf.
 * - libsignal prints sessions with their private keys through `console`. Its own calls are silenced, everybody else's pass.
 */
export function prepareProcess(): void {
  Curve.verify = (publicKey, message, signature) => {
    try {
      return verifySignature(generateSignalPubKey(Buffer.from(publicKey)), message, signature);
    } catch {
      return false; // a key or signature of the wrong shape
    }
  };
  repairCiphers();
  silenceLibsignal();
}

const REPAIRED = Symbol.for('wasel.repairedCiphers');

function repairCiphers(): void {
  const cipher = SessionCipher.prototype as SessionCipher & { [REPAIRED]?: true };
  if (cipher[REPAIRED]) return;
  cipher[REPAIRED] = true;
  rollBackFailedTrials(cipher);
  runJobsForThemselves(cipher);
}

function rollBackFailedTrials(cipher: SessionCipher): void {
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

function runJobsForThemselves(cipher: SessionCipher): void {
  // oxlint-disable-next-line typescript/unbound-method -- called below with the cipher it belongs to
  const queue = cipher.queueJob;
  cipher.queueJob = function (job) {
    return queue.call(this, AsyncResource.bind(job)) as ReturnType<typeof job>;
  };
}

/** Makes this process trust another server than WhatsApp's. There is no way back: it never talks to WhatsApp afterwards. */
export function trustRoot(publicKey: Buffer): void {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(publicKey);
}

const LIBSIGNAL = /[\\/]node_modules[\\/]libsignal[\\/]/;
let silenced = false;

/** The caller of a console method is told by the stack: two frames above this one. */
function silenceLibsignal(): void {
  if (silenced) return;
  silenced = true;
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    // oxlint-disable-next-line no-console -- this is the place that decides who may use it
    const original = console[method].bind(console);
    console[method] = (...parts: unknown[]) => {
      const caller = new Error('caller').stack?.split('\n')[2] ?? '';
      if (!LIBSIGNAL.test(caller)) original(...parts);
    };
  }
}
