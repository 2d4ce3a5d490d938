/**
 * Receipts that the server gathers: one stanza says of a message who of a group has it, each with his time. Learnt from
 * whatsmeow's `receipt.go` (handleGroupedReceipt); Baileys only acknowledges them. They are gathered in memory, and sent when the
 * fault that gathers them is used up.
 */
import { type BinaryNode, node } from '../../protocol/node.ts';
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { deliver } from '../delivery.ts';
import { addressOf } from './book.ts';

type Gathered = { group: Group; type: string | undefined; users: Map<string, BinaryNode[]> };

const waiting = new WeakMap<ServerContext, Map<string, Map<string, Gathered>>>();

/** @param user the address and time of the reader */
export function gatherReceipt(
  context: ServerContext,
  { author, group, type }: Readonly<{ author: string; group: Group; type: string | undefined }>,
  ids: readonly string[],
  user: BinaryNode,
): void {
  const all = waiting.get(context) ?? new Map<string, Map<string, Gathered>>();
  waiting.set(context, all);
  const his = all.get(author) ?? new Map<string, Gathered>();
  all.set(author, his);
  const key = `${group.id} ${type ?? ''}`;
  const gathered = his.get(key) ?? { group, type, users: new Map<string, BinaryNode[]>() };
  his.set(key, gathered);
  for (const id of ids) gathered.users.set(id, [...(gathered.users.get(id) ?? []), user]);
  if (context.faults.isArmed('gather-receipts', author)) return;
  all.delete(author);
  for (const one of his.values()) send(context, author, one);
}

function send(context: ServerContext, author: string, { group, type, users }: Gathered): void {
  const [id] = users.keys();
  const t = [...users.values()].flat().at(-1)?.attrs['t'];
  const lists = [...users].map(([key, content]) => node('participants', { key }, content));
  const receipt = node('receipt', { id, t, type, from: addressOf(group) }, lists);
  for (const companion of context.directory.companionsOf(author)) deliver(context, companion, receipt);
}
