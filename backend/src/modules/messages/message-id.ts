import { createHash, randomBytes } from 'node:crypto';

// In the shape of WhatsApp Web's own: a prefix that says which client wrote it, and nine bytes (Baileys' generics.js).
const idOf = (bytes: Buffer): string => `3EB0${bytes.toString('hex').toUpperCase()}`;

export const newWhatsAppMessageId = (): string => idOf(randomBytes(9));

/** The same for the same occasion: what is sent because of it is accepted once, however often it is tried. */
export const whatsAppMessageIdFor = (...occasion: readonly string[]): string =>
  idOf(createHash('sha256').update(JSON.stringify(occasion)).digest().subarray(0, 9));
