import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that only this installation can read, and the id of the key that sealed them. */
export type Sealed = Readonly<{ keyId: string; sealed: Buffer }>;

/** What was sealed cannot be opened: the key is not configured, or the bytes are not those that were sealed there. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

/**
 * Seals secrets for the database: AES-256-GCM, a random nonce each time, laid out as nonce, ciphertext, tag. `place` says
 * where the secret belongs (row identity) and is authenticated with it, so that a row moved elsewhere does not open.
 */
@Injectable()
export class Sealer {
  private readonly keys: ReadonlyMap<string, Buffer>;
  /** The key that seals; the others only open. */
  readonly currentKeyId: string;

  constructor(config: Config) {
    const { keys } = config.encryption;
    const [current] = keys;
    if (!current) throw new Error('ENCRYPTION_KEYS names no key');
    this.currentKeyId = current.id;
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** Those that open what they sealed. */
  get keyIds(): string[] {
    return [...this.keys.keys()];
  }

  seal(plain: Uint8Array, place: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.currentKeyId), nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.currentKeyId, sealed };
  }

  /** @throws UnsealError */
  open({ keyId, sealed }: Sealed, place: string): Buffer {
    const key = this.key(keyId);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      return Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
        decipher.final(),
      ]);
    } catch (cause) {
      throw new UnsealError(
        `A secret sealed with key "${keyId}" does not open: it was changed, or moved to another row.`,
        { cause },
      );
    }
  }

  /** A key for another purpose, derived from the current one, as 32 bytes. The purpose separates it from every other use. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key(this.currentKeyId), '', `wasel ${purpose}`, 32));
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key)
      throw new UnsealError(`Encryption key "${id}" is not in ENCRYPTION_KEYS: add it again, behind the current one.`);
    return key;
  }
}
