/** What a request of the control API asks a phone to send, as a message. */
import { proto } from '@whiskeysockets/baileys';
import { composeFile, composeText } from '../phone/compose.ts';
import {
  composeContacts,
  composeDeletion,
  composeEdit,
  composeForward,
  composePlace,
  composePoll,
  composeReaction,
  composeVote,
  dress,
  type Named,
} from '../phone/compose-more.ts';
import { pollIn } from '../phone/message-content.ts';
import type { VirtualPhone } from '../phone/phone.ts';
import type { ServerContext } from '../server/context.ts';
import { findGroup } from '../server/groups/book.ts';
import type { MediaHost } from '../server/media-host.ts';
import { SandboxError } from '../server/sandbox-error.ts';
import type { ChatMessage } from '../store/rows.ts';
import { loadFile } from './load-file.ts';
import type { SendMessage } from './schemas.ts';

type Rooms = Readonly<{ context: ServerContext; mediaHost: MediaHost }>;

export async function composeRequest(rooms: Rooms, phone: VirtualPhone, request: SendMessage): Promise<proto.IMessage> {
  const { context } = rooms;
  const message = await composeContent(rooms, phone, request);
  const { replyTo, mentions, viewOnce, disappearing } = request;
  const quoted = replyTo === undefined ? undefined : known(phone, replyTo);
  return dress(message, {
    ...(quoted && {
      replyTo: {
        key: nameOf(context, phone, quoted),
        authorJid: jid(context, quoted.from),
        message: proto.Message.decode(quoted.content),
      },
    }),
    ...(mentions && { mentions: mentions.map((one) => jid(context, one)) }),
    ...(viewOnce !== undefined && { viewOnce }),
    ...(disappearing !== undefined && { disappearing }),
  });
}

async function composeContent(
  { context, mediaHost }: Rooms,
  phone: VirtualPhone,
  request: SendMessage,
): Promise<proto.IMessage> {
  const { text, media, location, contacts, poll, reaction, edit, delete: deletion, vote, forward, raw } = request;
  if (media) return composeFile(mediaHost, { ...media, bytes: await loadFile(media) });
  if (location) return composePlace(location);
  if (contacts) return composeContacts(contacts);
  if (poll) return composePoll(poll);
  if (reaction) return composeReaction(nameOf(context, phone, known(phone, reaction.id)), reaction.emoji);
  // Whatever is claimed can be said; whether it is believed is for others to decide.
  if (edit) return composeEdit({ remoteJid: jid(context, request.to), fromMe: true, id: edit.id }, edit.text);
  if (deletion) return composeDeletion(toDelete(context, phone, request.to, deletion.id));
  if (vote) return voteOn(context, phone, known(phone, vote.id), vote.options);
  if (forward) {
    const original = known(phone, forward.id);
    return composeForward(proto.Message.decode(original.content), original.from === phone.phone);
  }
  if (raw !== undefined) return proto.Message.decode(Buffer.from(raw, 'base64'));
  return composeText(text ?? '');
}

function voteOn(
  context: ServerContext,
  phone: VirtualPhone,
  row: ChatMessage,
  options: readonly string[],
): proto.IMessage {
  const poll = proto.Message.decode(row.content);
  const offered = pollIn(poll)?.options?.map(({ optionName }) => optionName ?? '');
  if (!offered || options.some((option) => !offered.includes(option)))
    throw new SandboxError('conflict', 'This is no poll with these options.');
  const between = { creatorJid: jid(context, row.from), voterJid: jid(context, phone.phone) };
  return composeVote(nameOf(context, phone, row), poll, options, between);
}

/** In a group an admin deletes what others have written, under their names. */
function toDelete(context: ServerContext, phone: VirtualPhone, chat: string, id: string): Named {
  const row = findGroup(context, chat) && phone.chats.findById(id);
  if (row && row.from !== phone.phone) return nameOf(context, phone, row);
  return { remoteJid: jid(context, chat), fromMe: true, id };
}

/** Of a person or a group. */
const jid = (context: ServerContext, chat: string): string =>
  findGroup(context, chat) ? chat : context.directory.userJid(chat, context.addressing);

const nameOf = (context: ServerContext, { phone }: VirtualPhone, row: ChatMessage): Named => ({
  remoteJid: jid(context, row.chat),
  fromMe: row.from === phone,
  id: row.id,
  ...(findGroup(context, row.chat) && { participant: jid(context, row.from) }),
});

function known({ chats }: VirtualPhone, id: string): ChatMessage {
  const row = chats.findById(id);
  if (!row || row.deletedAt !== undefined) throw new SandboxError('not-found', `This phone has no message ${id}.`);
  return row;
}
