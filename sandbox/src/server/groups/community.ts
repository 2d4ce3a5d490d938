/** Linking groups to a community and back. Learnt from Baileys' `communities.js`. To be called in a transaction. */
import { node } from '../../protocol/node.ts';
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { changeGroup, phonesIn, record } from './book.ts';
import { enterCommunity } from './membership.ts';
import { linkedGroupNode } from './nodes.ts';
import { tellGroup } from './notifications.ts';
import { assertAdmin, notAllowed } from './rights.ts';

/** @throws IqError 405 when it is no community, or the group is in one already. */
export function linkGroup(context: ServerContext, parent: Group, group: Group, actor: string): void {
  assertAdmin(context, parent, actor);
  assertAdmin(context, group, actor);
  if (parent.community?.kind !== 'parent' || group.community !== null) throw notAllowed();
  const linked = changeGroup(context, group, { community: { kind: 'group', parent: parent.id } });
  record(context, linked, { event: 'linked', actor, value: parent.id });
  const told = node('link', { link_type: 'parent_group' }, [linkedGroupNode(context, parent)]);
  tellGroup(context, linked, actor, told);
  tellGroup(context, parent, actor, node('link', { link_type: 'sub_group' }, [linkedGroupNode(context, linked)]));
  enterCommunity(context, linked, actor, phonesIn(context, linked));
}

/** Its people stay in the community. @throws IqError 405 when the group is not one of its groups that may go. */
export function unlinkGroup(context: ServerContext, parent: Group, group: Group, actor: string): void {
  assertAdmin(context, parent, actor);
  const place = group.community;
  if (place?.kind !== 'group' || place.parent !== parent.id) throw notAllowed();
  const single = changeGroup(context, group, { community: null });
  record(context, single, { event: 'unlinked', actor, value: parent.id });
  const unlinked = (type: 'parent_group' | 'sub_group', other: Group) =>
    node('unlink', { unlink_type: type, unlink_reason: 'unlink_group' }, [linkedGroupNode(context, other)]);
  tellGroup(context, single, actor, unlinked('parent_group', parent));
  tellGroup(context, parent, actor, unlinked('sub_group', single));
}
