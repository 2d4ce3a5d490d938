import { createHash } from 'node:crypto';
import { type BinaryNode, decodeBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys';

/** What an inbox row holds of a message: the stanza as WhatsApp sent it, and what one of its ciphertexts said. */
export type StoredMessage = Readonly<{ stanza: BinaryNode; plaintext: Uint8Array }>;

/** The same ciphertext has the same id, however often it is delivered. */
export const ciphertextId = (ciphertext: Uint8Array): string =>
  createHash('sha256').update(ciphertext).digest('base64url');

/** Receipts have no content to hash; what tells one from another is in its attributes and its lists of ids and people. */
export const receiptId = (stanza: BinaryNode): string => {
  const { id, from, participant, type, t } = stanza.attrs;
  const listed = childrenOf(childrenOf(stanza, 'list')[0], 'item').map((item) => item.attrs.id);
  const gathered = childrenOf(stanza, 'participants').map((list) => [
    list.attrs.key,
    ...childrenOf(list, 'user').map(({ attrs }) => `${attrs.jid} ${attrs.t}`),
  ]);
  return `r:${createHash('sha256')
    .update(JSON.stringify([id, from, participant, type, t, ...listed, ...gathered]))
    .digest('base64url')}`;
};

export const childrenOf = (node: BinaryNode | undefined, tag?: string): BinaryNode[] =>
  Array.isArray(node?.content) ? node.content.filter((child) => tag === undefined || child.tag === tag) : [];

/** A stanza as bytes; the first is a flag of WhatsApp's own framing. */
export const encodeStanza = (stanza: BinaryNode): Uint8Array => encodeBinaryNode(stanza);
export const decodeStanza = (bytes: Uint8Array): Promise<BinaryNode> => decodeBinaryNode(Buffer.from(bytes));

const LENGTH_BYTES = 4;

/** Length of the stanza, stanza, plaintext. */
export function encodeStoredMessage({ stanza, plaintext }: StoredMessage): Uint8Array {
  const node = encodeStanza(stanza);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(node.length);
  return Buffer.concat([length, node, plaintext]);
}

export async function decodeStoredMessage(bytes: Uint8Array): Promise<StoredMessage> {
  const buffer = Buffer.from(bytes);
  const end = LENGTH_BYTES + buffer.readUInt32BE(0);
  return { stanza: await decodeStanza(buffer.subarray(LENGTH_BYTES, end)), plaintext: buffer.subarray(end) };
}
