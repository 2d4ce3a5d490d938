/** `w:profile:picture`: the pictures of groups. People have none. Learnt from Baileys' `chats.js`. */
import { bytesOf, child, node } from '../../protocol/node.ts';
import { assertMember, notFound, requireGroup } from '../groups/rights.ts';
import { setPicture } from '../groups/settings.ts';
import { parseGroupJid } from '../../protocol/jid.ts';
import { type IqHandler, IqError } from './iq.ts';

export const profilePicture: IqHandler = ({ context, device, iq, subject }) => {
  const { target, type } = iq.attrs;
  if (parseGroupJid(target) === undefined) throw notFound();
  const group = requireGroup(context, target);
  if (type === 'set') {
    const picture = child(iq, 'picture');
    const id = setPicture(context, group, device.phone, picture && (bytesOf(picture) ?? Buffer.alloc(0)));
    return id === undefined ? undefined : [node('picture', { id })];
  }
  assertMember(context, group, device.phone);
  if (!group.picture) throw new IqError(404, 'item-not-found');
  const { id, directPath } = group.picture;
  const url = `https://${context.mediaHost()}${directPath}`;
  return [node('picture', { id, type: subject?.attrs['type'] ?? 'preview', url, direct_path: directPath })];
};
