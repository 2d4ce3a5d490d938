/** Encryption of files: AES-256-CBC and the first ten bytes of an HMAC, under keys derived from the message's media key. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { getMediaKeys, type MediaType } from '@whiskeysockets/baileys';

const MAC_BYTES = 10;

export type EncryptedMedia = Readonly<{
  ciphertext: Buffer;
  mediaKey: Buffer;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
}>;

export async function encryptMedia(plaintext: Buffer, hkdfType: MediaType): Promise<EncryptedMedia> {
  const mediaKey = randomBytes(32);
  const keys = await requireKeys(mediaKey, hkdfType);
  const cipher = createCipheriv('aes-256-cbc', keys.cipherKey, keys.iv);
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const ciphertext = Buffer.concat([encrypted, mac(keys, encrypted)]);
  return { ciphertext, mediaKey, fileSha256: sha256(plaintext), fileEncSha256: sha256(ciphertext) };
}

/** @throws when the ciphertext was changed or the key is another's. */
export async function decryptMedia(ciphertext: Buffer, mediaKey: Uint8Array, hkdfType: MediaType): Promise<Buffer> {
  const keys = await requireKeys(mediaKey, hkdfType);
  const encrypted = ciphertext.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(mac(keys, encrypted), ciphertext.subarray(-MAC_BYTES)))
    throw new Error('media was tampered with');
  const decipher = createDecipheriv('aes-256-cbc', keys.cipherKey, keys.iv);
  return Buffer.concat([decipher.update(encrypted), decipher.final()]);
}

type Keys = Readonly<{ cipherKey: Uint8Array; iv: Uint8Array; macKey: Uint8Array }>;

async function requireKeys(mediaKey: Uint8Array, hkdfType: MediaType): Promise<Keys> {
  const { cipherKey, iv, macKey } = await getMediaKeys(mediaKey, hkdfType);
  if (!macKey) throw new Error('media keys have no MAC key');
  return { cipherKey, iv, macKey };
}

function mac({ iv, macKey }: Keys, encrypted: Buffer): Buffer {
  return createHmac('sha256', macKey).update(iv).update(encrypted).digest().subarray(0, MAC_BYTES);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
