/**
 * `w:sync:app:state`: the account's settings (push name, archived chats, …) as encrypted patches in collections. The
 * server keeps them in order and checks versions; it cannot read them. Learnt from Baileys' `chats.js` (resyncAppState,
 * appPatch) and `chat-utils.js`.
 */
import { proto } from '@whiskeysockets/baileys';
import { pnJid } from '../../protocol/jid.ts';
import { type BinaryNode, bytesOf, child, children, node } from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { ServerContext } from '../context.ts';
import { deliver } from '../delivery.ts';
import type { DeviceRef } from '../directory.ts';
import { type IqHandler, UnknownIq } from './iq.ts';

export const appState: IqHandler = ({ context, device, subject }) => {
  if (subject?.tag !== 'sync') throw new UnknownIq();
  return [
    node(
      'sync',
      {},
      children(subject, 'collection').map((collection) => answer(context, device, collection)),
    ),
  ];
};

function answer(context: ServerContext, device: DeviceRef, collection: BinaryNode): BinaryNode {
  const name = collection.attrs['name'] ?? '';
  const known = Number(collection.attrs['version'] ?? 0);
  const upload = bytesOf(child(collection, 'patch'));
  const patches = readPatches(context, device.phone, name);
  if (!upload) {
    const missed = patches.slice(known).map((patch) => node('patch', {}, patch));
    const attrs = { name, version: String(patches.length), has_more_patches: 'false' };
    return node('collection', attrs, missed.length > 0 ? [node('patches', {}, missed)] : []);
  }
  if (known !== patches.length) {
    const conflict = node('error', { code: '409', text: 'conflict' });
    return node('collection', { name, type: 'error', version: String(patches.length) }, [conflict]);
  }
  const version = appendPatch(context, device, name, upload);
  context.store.afterCommit(() => context.phones.appStateChanged(device.phone, name));
  return node('collection', { name, version: String(version) });
}

/** Encoded `SyncdPatch` messages, oldest first; the n-th makes version n. */
export function readPatches(context: ServerContext, phone: string, collection: string): Buffer[] {
  const rows = context.store.tables.appStatePatches.group(`${phone}/${collection}`);
  return Array.from({ length: rows.size }, (_, index) => rows.get(String(index + 1)) ?? Buffer.alloc(0));
}

/** Adds a patch, gives it its version, and tells the account's other companions. Returns the version. */
export function appendPatch(
  context: ServerContext,
  author: DeviceRef,
  collection: string,
  encoded: Uint8Array,
): number {
  const { store, directory } = context;
  const group = `${author.phone}/${collection}`;
  const version = store.tables.appStatePatches.group(group).size + 1;
  const patch = proto.SyncdPatch.decode(encoded);
  patch.version = proto.SyncdVersion.create({ version });
  store.transaction(() => {
    store.tables.appStatePatches.put(group, String(version), Buffer.from(proto.SyncdPatch.encode(patch).finish()));
    for (const companion of directory.companionsOf(author.phone)) {
      if (companion.id === author.id || !companion.bootstrapped) continue;
      const attrs = { from: pnJid(author.phone), id: context.stanzaId(), type: 'server_sync', t: String(nowSeconds()) };
      deliver(
        context,
        companion,
        node('notification', attrs, [node('collection', { name: collection, version: String(version) })]),
      );
    }
  });
  return version;
}
