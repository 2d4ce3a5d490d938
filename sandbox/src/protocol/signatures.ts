/**
 * XEd25519 signatures that are really checked. Baileys 7.0.0-rc14's own `Curve.verify` returns true for any 64 bytes
 * (it drops the boolean of libsignal's `verifySignature`), so the sandbox asks libsignal itself.
 */
import { Curve, generateSignalPubKey } from '@whiskeysockets/baileys';
import { verifySignature } from 'libsignal/src/curve.js';

export function sign(privateKey: Uint8Array, message: Uint8Array): Buffer {
  return Buffer.from(Curve.sign(privateKey, message));
}

export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return verifySignature(generateSignalPubKey(publicKey), message, signature);
  } catch {
    return false;
  }
}
