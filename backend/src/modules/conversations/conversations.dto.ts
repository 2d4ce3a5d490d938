import { z } from 'zod';
import { ConversationId, SessionId } from '../../kernel/ids.ts';
import { idsOf, PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { ContactView } from '../contacts/contacts.dto.ts';
import { MessageDirection, MessageStatus, MessageType } from '../messages/messages.dto.ts';

/** What is said between one person and one linked number. */
export const ConversationView = z.object({
  id: ConversationId,
  session_id: SessionId,
  contact: ContactView,
  unread_count: z.number().int(),
  last_message: z
    .object({
      /** The first 120 characters of what it says now; null of one that was deleted. */
      preview: z.string().nullable(),
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
  /** Part of a name or of a number. */
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
  to: Phone,
});
export type OpenConversation = z.infer<typeof OpenConversation>;
