import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Place } from '../contacts/conversation-places.ts';
import { isGroupJid } from '../groups/groups.dto.ts';
import { MediaService } from '../media/media.service.ts';
import { firstLinkIn } from './link-previews.ts';
import { assertForwardable, assertThere, deleteUntil, editUntil } from './message-changes.rules.ts';
import type { MessageContent } from './message-content.dto.ts';
import type { QuotedMessage } from './messages.dto.ts';
import { MentionAllNeedsGroup, ReplyElsewhere } from './messages.errors.ts';
import { type Draft, type KnownMessage, MessagesRepository } from './messages.repository.ts';
import type { ChangeOfMessage, NewMessage, SendMessage } from './send-message.dto.ts';
import { cardOf } from './vcard.ts';

/** What is to be accepted, and between whom. */
export type Addressed = Readonly<{ session: string; place: Place; draft: Draft }>;

const SNAPSHOT = /^.{0,200}/su;

/** Makes of what somebody wants to send what is kept of it; refuses what cannot be. */
@Injectable()
export class MessageDrafts {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly media: MediaService,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws GroupNotFound | NotInGroup | GroupAdminRequired | GroupIsCommunity | SessionRequired | SessionNotFound | SessionNotLinked | MediaNotFound | MediaTypeMismatch | MessageNotFound | ReplyElsewhere | MentionAllNeedsGroup
   *   | MessageNotSent | MessageDeleted | MessageNotYours | MessageTooOld | MessageNotEditable | MessageNotForwardable
   */
  async of(sql: TenantSql, message: SendMessage): Promise<Addressed> {
    if (!('to' in message)) return this.change(sql, message);
    const session = await this.messages.senderOf(sql, message.session_id);
    const said = message.type === 'forward' ? await this.forwarded(sql, message) : await this.said(sql, message);
    const place = await this.messages.conversationWith(sql, session, message.to);
    const replyTo = 'reply_to' in message ? message.reply_to : undefined;
    const quoted = replyTo === undefined ? null : await this.quoted(sql, replyTo, place.shown);
    if ('mention_all' in message && message.mention_all && !isGroupJid(message.to)) throw new MentionAllNeedsGroup();
    const { expires_at, scheduled_at, priority, max_attempts, related_type, related_id } = message;
    return {
      session,
      place,
      draft: { ...said, reply_to: quoted, expires_at, scheduled_at, priority, max_attempts, related_type, related_id },
    };
  }

  private async quoted(sql: TenantSql, id: string, conversation: string): Promise<QuotedMessage> {
    const message = await this.messages.known(sql, id);
    if (message.conversation_id !== conversation) throw new ReplyElsewhere();
    assertThere(message);
    const { whatsapp_message_id, direction, type, text, sender } = message;
    const snapshot = text?.match(SNAPSHOT)?.[0] ?? null;
    return { whatsapp_message_id, direction, type, ...(sender ? { sender } : {}), text: snapshot };
  }

  private async said(sql: TenantSql, message: Exclude<NewMessage, { type: 'forward' }>): Promise<Draft> {
    if ('media_id' in message) await this.media.assertSendable(sql, message.media_id, message.type);
    if (message.type === 'voice') await this.media.makeVoice(sql, message.media_id);
    return {
      type: message.type,
      text: textOf(message),
      media_id: 'media_id' in message ? message.media_id : null,
      content: contentOf(message),
    };
  }

  /** It says the same to somebody else; answers and mentions belong to where it was. */
  private async forwarded(sql: TenantSql, { message_id: id }: { message_id: string }): Promise<Draft> {
    const original = await this.messages.known(sql, id);
    assertForwardable(original);
    if (original.type === 'voice' && original.media_id) await this.media.makeVoice(sql, original.media_id);
    const { mentions: _, mention_all: _all, link_preview: _preview, forwards = 0, ...content } = original.content ?? {};
    const passedOn = forwards + (original.direction === 'outbound' ? 0 : 1);
    return {
      type: original.type,
      text: original.text,
      media_id: original.media_id,
      content: { ...content, ...(passedOn > 0 ? { forwards: passedOn } : {}) },
    };
  }

  /** It goes where the message is that it is about, and no later than WhatsApp takes it. */
  private async change(sql: TenantSql, change: ChangeOfMessage): Promise<Addressed> {
    const { message: about, place } = await this.messages.held(sql, change.message_id);
    const session = await this.messages.senderOf(sql, about.session_id);
    const { priority, max_attempts } = change;
    return {
      session,
      place,
      draft: {
        ...this.changeTo(about, change),
        target: { whatsappMessageId: about.whatsapp_message_id, direction: about.direction },
        priority,
        max_attempts,
      },
    };
  }

  private changeTo(about: KnownMessage, change: ChangeOfMessage): Draft {
    const now = this.clock.now();
    switch (change.type) {
      case 'reaction':
        assertThere(about);
        return { type: 'reaction', text: change.emoji };
      case 'edit':
        return {
          type: 'edit',
          text: change.text,
          content: mentionsOf(change),
          expires_at: editUntil(about, now).toISOString(),
        };
      case 'delete':
        return { type: 'delete', expires_at: deleteUntil(about, now).toISOString() };
    }
    return change satisfies never;
  }
}

type Said = Exclude<NewMessage, { type: 'forward' }>;

function textOf(message: Said): string | null {
  if (message.type === 'text') return message.text;
  if (message.type === 'location') return message.name ?? `${message.latitude},${message.longitude}`;
  if (message.type === 'contact') return message.contacts.map(({ name }) => name).join(', ');
  if (message.type === 'poll') return message.name;
  return 'caption' in message ? (message.caption ?? null) : null;
}

function contentOf(message: Said): MessageContent | null {
  const content: MessageContent = {
    ...mentionsOf(message),
    ...('view_once' in message && message.view_once ? { view_once: true } : {}),
    ...('mention_all' in message && message.mention_all ? { mention_all: message.mention_all } : {}),
    ...ownContentOf(message),
  };
  return Object.keys(content).length > 0 ? content : null;
}

function ownContentOf(message: Said): MessageContent {
  if (message.type === 'contact') return { contacts: message.contacts.map(cardOf) };
  if (message.type === 'location') {
    const { latitude, longitude, name = null, address = null } = message;
    return { location: { latitude, longitude, name, address, live: false } };
  }
  if (message.type === 'poll') {
    const { name, options, selectable_count = 1 } = message;
    return { poll: { name, options, selectable_count } };
  }
  const url = message.type === 'text' && message.link_preview ? firstLinkIn(message.text) : null;
  return url === null ? {} : { link_preview: { url, title: null, description: null } };
}

const mentionsOf = (message: object): MessageContent | null =>
  'mentions' in message && Array.isArray(message.mentions) && message.mentions.length > 0
    ? { mentions: (message.mentions as string[]).map((phone) => ({ phone_number: phone, lid: null })) }
    : null;
