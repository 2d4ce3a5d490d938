/** Reading what was said in a group: first the author's key, if the message brings it, then what was encrypted with it for all. */
import type { proto } from '@whiskeysockets/baileys';
import { type BinaryNode, children } from '../protocol/node.ts';
import type { Log } from '../server/context.ts';
import type { DeviceRef } from '../server/directory.ts';
import type { Group } from '../store/rows.ts';
import type { SignalClient } from './signal-client.ts';

type FromGroup = Readonly<{ group: Group; sender: DeviceRef; stanza: BinaryNode }>;

/** Undefined when no part of the message could be decrypted; then the step that brought a key is kept all the same. */
export async function decryptFromGroup(
  signal: SignalClient,
  log: Log,
  { group, sender, stanza }: FromGroup,
): Promise<proto.IMessage | undefined> {
  const author = stanza.attrs['participant'] ?? '';
  let said: proto.IMessage | undefined;
  for (const enc of children(stanza, 'enc')) {
    const isForAll = enc.attrs['type'] === 'skmsg';
    try {
      const message = isForAll ? await signal.decryptFromGroup(group, author, enc) : await signal.decrypt(sender, enc);
      said = (await withoutKey(signal, author, message.deviceSentMessage?.message ?? message)) ?? said;
    } catch (error) {
      // A key that is missing for what is said to all leaves what was read before as it is.
      if (!isForAll) signal.keys.discard();
      log.debug({ err: error, group: group.id, id: stanza.attrs['id'] }, 'phone could not decrypt');
    }
  }
  return said;
}

/** Takes the key out of a message. @returns the rest, if the message says anything else */
async function withoutKey(
  signal: SignalClient,
  author: string,
  message: proto.IMessage,
): Promise<proto.IMessage | undefined> {
  const { senderKeyDistributionMessage, ...rest } = message;
  if (senderKeyDistributionMessage) await signal.takeSenderKey(author, senderKeyDistributionMessage);
  return Object.keys(rest).some((field) => field !== 'messageContextInfo') ? rest : undefined;
}
