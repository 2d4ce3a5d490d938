/**
 * Telling what changed in a group: `<notification type=w:gp2 from=<group> participant=<who did it>>` with what he did.
 * It goes to every linked device of those concerned, the one that did it too, and waits for those that are away. Phones
 * get none: they live beside the server and look groups up there.
 */
import { type BinaryNode, node } from '../../protocol/node.ts';
import { SERVER } from '../../protocol/jid.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { deliver, deliverLive } from '../delivery.ts';
import { addressOf, phonesIn } from './book.ts';
import { groupNode, jidIn, otherAddress } from './nodes.ts';

/** @param to phone numbers; by default everybody who is in the group now. */
export function tellGroup(
  context: ServerContext,
  group: Group,
  actor: string,
  change: BinaryNode,
  to: Iterable<string> = phonesIn(context, group),
  type: 'w:gp2' | 'picture' = 'w:gp2',
): void {
  const { directory } = context;
  const attrs = {
    from: addressOf(group),
    id: context.stanzaId(),
    type,
    t: String(nowSeconds()),
    participant: jidIn(context, group, actor),
    ...otherAddress(context, group, 'participant', actor),
    addressing_mode: group.addressing,
    notify: directory.requireAccount(actor).name,
  };
  const notification = node('notification', attrs, [change]);
  for (const phone of new Set(to)) {
    if (directory.companionsOf(phone).length > 0 && context.faults.strike('lose-notification', phone)) continue;
    for (const companion of directory.companionsOf(phone)) deliver(context, companion, notification);
  }
}

/** Who comes into a group is told all of it, as if it were made for him; Baileys makes `groups.upsert` of it. */
export function tellNewcomers(
  context: ServerContext,
  group: Group,
  actor: string,
  newcomers: readonly string[],
  attrs: { type?: 'new'; reason?: 'invite'; key?: string } = {},
): void {
  // Most groups are made of people without linked devices: what nobody hears is not written.
  if (!newcomers.some((phone) => context.directory.companionsOf(phone).length > 0)) return;
  tellGroup(context, group, actor, node('create', attrs, [groupNode(context, group)]), newcomers);
}

/** The groups of a phone are not as its devices have them: they ask for all, and say that they have. */
export function tellDirtyGroups(context: ServerContext, phone: string): void {
  const dirty = node('dirty', { type: 'groups', timestamp: String(nowSeconds()) });
  for (const companion of context.directory.companionsOf(phone))
    deliverLive(context, companion, node('ib', { from: SERVER }, [dirty]));
}
