/** Small helpers around Baileys' `BinaryNode`, the XML-like tree that travels in every WhatsApp frame. */
import { inflateSync } from 'node:zlib';
import { type BinaryNode, decodeDecompressedBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys';
import * as tokens from '@whiskeysockets/baileys/lib/WABinary/constants.js';

export type { BinaryNode };

/** A decoded stanza may be at most this large; Baileys' largest (812 pre-keys) is about 60 kB. */
export const MAX_NODE_BYTES = 4 * 1024 * 1024;
/** Baileys' own stanzas are at most 6 deep; a deeper tree is an attack or a bug. */
export const MAX_NODE_DEPTH = 32;

/** Thrown when a peer sends what no client sends. The connection is closed. */
export class ProtocolViolation extends Error {}

export type NodeContent = BinaryNode['content'];

/** Builds a node. Attributes that are undefined are left out, so that optional ones can be written inline. */
export function node(tag: string, attrs: Record<string, string | undefined> = {}, content?: NodeContent): BinaryNode {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) present[name] = value;
  return content === undefined ? { tag, attrs: present } : { tag, attrs: present, content };
}

export function children(parent: BinaryNode | undefined, tag?: string): BinaryNode[] {
  if (!Array.isArray(parent?.content)) return [];
  return tag === undefined ? parent.content : parent.content.filter((inner) => inner.tag === tag);
}

export function child(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return children(parent, tag)[0];
}

/** The node's content as bytes; undefined when it has none or has children instead. */
export function bytesOf(source: BinaryNode | undefined): Buffer | undefined {
  const content = source?.content;
  if (content === undefined || content === null || Array.isArray(content)) return undefined;
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
}

/** @throws ProtocolViolation when the child is missing or carries no bytes. */
export function requireBytes(parent: BinaryNode | undefined, tag: string, length?: number): Buffer {
  const found = bytesOf(child(parent, tag));
  if (!found || (length !== undefined && found.length !== length)) {
    throw new ProtocolViolation(`<${parent?.tag ?? '?'}> has no valid <${tag}>`);
  }
  return found;
}

export function toUint(bytes: Uint8Array): number {
  return [...bytes].reduce((sum, byte) => sum * 256 + byte, 0);
}

export function bigEndian(value: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  out.writeUIntBE(value, 0, length);
  return out;
}

export function encodeNode(stanza: BinaryNode): Buffer {
  return encodeBinaryNode(stanza);
}

/**
 * Decodes one decrypted frame. The first byte holds flags; bit 2 means that the rest is deflated.
 * @throws ProtocolViolation for malformed, oversized or too deeply nested input.
 */
export function decodeNode(frame: Buffer): BinaryNode {
  if (frame.length < 2) throw new ProtocolViolation('empty frame');
  const deflated = (frame.readUInt8() & 2) !== 0;
  try {
    const body = deflated ? inflateSync(frame.subarray(1), { maxOutputLength: MAX_NODE_BYTES }) : frame.subarray(1);
    const decoded = decodeDecompressedBinaryNode(body, tokens);
    assertShallow(decoded, MAX_NODE_DEPTH);
    return decoded;
  } catch (error) {
    if (error instanceof ProtocolViolation) throw error;
    throw new ProtocolViolation('undecodable frame', { cause: error });
  }
}

function assertShallow(subject: BinaryNode, depthLeft: number): void {
  if (depthLeft === 0) throw new ProtocolViolation('stanza is nested too deeply');
  for (const inner of children(subject)) assertShallow(inner, depthLeft - 1);
}
