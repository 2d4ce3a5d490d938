/** The part of libsignal that Baileys does not export; the package has no types of its own for it. */
declare module 'libsignal/src/curve.js' {
  /** @param publicKey 33 bytes, the first of which is 5 */
  export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
