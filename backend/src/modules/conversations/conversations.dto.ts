import { z } from 'zod';
import { ConversationId, GroupId, SessionId } from '../../kernel/ids.ts';
import { idsOf, PageQuery, pageOf } from '../../kernel/page.ts';
import { ContactView } from '../contacts/contacts.dto.ts';
import { GroupJid, GroupPictureInfo, Recipient } from '../groups/groups.dto.ts';
import { MessageDirection, MessageStatus, MessageType } from '../messages/messages.dto.ts';

/** A group as one of your numbers is in it. */
export const ConversationGroup = z.object({
  id: GroupId,
  jid: GroupJid,
  subject: z.string(),
  size: z.number().int(),
  picture: GroupPictureInfo,
});
export type ConversationGroup = z.infer<typeof ConversationGroup>;

/** What is said between one person and one linked number, or in a group that the number is in. */
export const ConversationView = z.object({
  id: ConversationId,
  session_id: SessionId,
  /** Whom it is with; null of a group. */
  contact: ContactView.nullable(),
  /** The group that it is; null with a contact. */
  group: ConversationGroup.nullable(),
  unread_count: z.number().int(),
  last_message: z
    .object({
      /** The first 120 characters of what it says now; null of one that was deleted. */
      preview: z.string().nullable(),
      /** How whoever wrote it in a group is called, or his number; null of what is ours and between two. */
      sender: z.string().nullable(),
      type: MessageType,
      direction: MessageDirection,
      status: MessageStatus,
      /** Its writer deleted it for everyone. */
      deleted: z.boolean(),
    })
    .nullable(),
  last_message_at: z.iso.datetime().nullable(),
  /** When something was said last or, while nothing was, when it was opened: lists have the latest first, and of one instant the greater id. */
  active_at: z.iso.datetime(),
});
export type ConversationView = z.infer<typeof ConversationView>;

export const ListConversations = PageQuery.extend({
  /** These alone, as far as they are there; for one that is merged, the one that is shown in its place. Up to 100 ids, with commas between them. */
  ids: idsOf(ConversationId).optional(),
  session_id: SessionId.optional(),
  /** Part of a name, of a number or of a group's subject. */
  search: z.string().trim().max(100).optional(),
  /** `true`: only those with something unread. */
  unread: z.literal('true').optional(),
});
export type ListConversations = z.infer<typeof ListConversations>;

export const ConversationPage = pageOf(ConversationView);
export type ConversationPage = z.infer<typeof ConversationPage>;

export const OpenConversation = z.object({
  /** The number to speak from; without it the organization's default number is used. */
  session_id: SessionId.optional(),
  to: Recipient,
});
export type OpenConversation = z.infer<typeof OpenConversation>;
