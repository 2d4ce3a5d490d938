/**
 * XEd25519 signatures that are really checked. Baileys 7.0.0-rc14's own `Curve.verify` returns true for any 64 bytes (it
 * drops the boolean of libsignal's `verifySignature`). Here OpenSSL checks them, a hundred times faster than libsignal's
 * JavaScript: a Curve25519 key is an Ed25519 key in other coordinates, whose lost sign travels in the signature's top bit.
 */
import { createPublicKey, verify as verifyEd25519 } from 'node:crypto';
import { Curve } from '@whiskeysockets/baileys';

const P = 2n ** 255n - 19n;
const SIGN_BIT = 0x80;

export function sign(privateKey: Uint8Array, message: Uint8Array): Buffer {
  return Buffer.from(Curve.sign(privateKey, message));
}

export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const bare = Buffer.from(signature);
  const top = bare.readUInt8(63);
  bare.writeUInt8(top & ~SIGN_BIT, 63);
  const x = toEdwards(publicKey, top & SIGN_BIT).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verifyEd25519(null, message, key, bare);
}

/** y = (u - 1) / (u + 1): from Curve25519's coordinate to Ed25519's, little-endian both. */
function toEdwards(publicKey: Uint8Array, signBit: number): Buffer {
  const u = BigInt(`0x${Buffer.from(publicKey.toReversed()).toString('hex')}`) & (2n ** 255n - 1n);
  const y = mod((u - 1n) * power(u + 1n, P - 2n));
  const encoded = Buffer.from(Buffer.from(y.toString(16).padStart(64, '0'), 'hex').toReversed());
  encoded.writeUInt8(encoded.readUInt8(31) | signBit, 31);
  return encoded;
}

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
