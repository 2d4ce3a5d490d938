import { describe, expect, it } from '@jest/globals';
import { Curve, generateSignalPubKey } from '@whiskeysockets/baileys';
import { verifySignature } from 'libsignal/src/curve.js';
import { sign, verify } from './signatures.ts';

const message = Buffer.from('signed by the phone');
const samples = Array.from({ length: 16 }, () => {
  const keys = Curve.generateKeyPair();
  return { keys, signature: sign(keys.private, message) };
});

function changed(bytes: Uint8Array, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ bit, at);
  return copy;
}

describe('signatures', () => {
  it('agrees with libsignal on what is signed', () => {
    for (const { keys, signature } of samples) {
      expect(verifySignature(generateSignalPubKey(keys.public), message, signature)).toBe(true);
      expect(verify(keys.public, message, signature)).toBe(true);
    }
  });

  it('refuses another message, another key, and a signature with any bit changed', () => {
    const [first, second] = samples;
    if (!first || !second) throw new Error('no samples');
    expect(verify(first.keys.public, Buffer.from('forged'), first.signature)).toBe(false);
    expect(verify(second.keys.public, message, first.signature)).toBe(false);
    for (let at = 0; at < 64; at++)
      expect(verify(first.keys.public, message, changed(first.signature, at, 1 << (at % 8)))).toBe(false);
    expect(verify(first.keys.public, message, changed(first.signature, 63, 0x80))).toBe(false);
  });

  it('refuses what has the wrong length, or is no point of the curve', () => {
    expect(verify(Buffer.alloc(31), message, Buffer.alloc(64))).toBe(false);
    expect(verify(Buffer.alloc(32), message, Buffer.alloc(63))).toBe(false);
    for (const byte of [0, 1, 2, 0xff])
      expect(verify(Buffer.alloc(32, byte), message, Buffer.alloc(64, byte))).toBe(false);
  });
});
