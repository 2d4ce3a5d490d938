/** What of a sent message one device gets. */
import { type BinaryNode, child, children } from '../protocol/node.ts';

/** Parts of a sent message that are the server's to read; all others are passed on. */
const SERVER_PARTS = new Set(['participants', 'enc', 'device-identity', 'reporting', 'tctoken', 'cstoken']);

/** The device's ciphertexts, who the sender is when one begins a session, and what is not the server's to read. */
export function partsFor(stanza: BinaryNode, encs: readonly BinaryNode[]): BinaryNode[] {
  const identity = child(stanza, 'device-identity');
  const needsIdentity = identity && encs.some((enc) => enc.attrs['type'] === 'pkmsg');
  const extras = children(stanza).filter((part) => !SERVER_PARTS.has(part.tag));
  return [...encs, ...(needsIdentity ? [identity] : []), ...extras];
}
