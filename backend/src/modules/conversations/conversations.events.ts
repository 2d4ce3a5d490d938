import type { Fact } from '../../platform/facts/facts.ts';
import type { ConversationId, OrganizationId } from '../../kernel/ids.ts';

/** A person here has read a conversation. Followed by the live socket as `conversation.read`. */
export const conversationRead = (
  organization: OrganizationId,
  conversation: ConversationId,
  session: string,
): Fact => ({
  organization,
  type: 'conversation.read',
  version: 1,
  subject: conversation,
  payload: { conversation_id: conversation, session_id: session },
});
