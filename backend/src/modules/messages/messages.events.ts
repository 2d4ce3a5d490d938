import type { Fact } from '../../platform/facts/facts.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { Change, MessageDirection, MessageStatus } from './messages.dto.ts';

type Named = { message_id: string; conversation_id: string; session_id: string };

/** A message was accepted or came in. Followed by the live socket as `message.created`. */
export const messageCreated = (
  organization: OrganizationId,
  payload: Named & { direction: MessageDirection },
): Fact => ({
  organization,
  type: 'message.created',
  version: 1,
  subject: payload.message_id,
  payload,
});

/**
 * What a message says, or what stands under it, has changed: `change` is the type of the change. Written by
 * `private.apply_changes` in the transaction that applies it; followed by the live socket as `message.updated`.
 */
export type MessageUpdated = Readonly<Named & { change: Change }>;

/** How far a message has come. Followed by the live socket as `message.status`. */
export const messageStatus = (organization: OrganizationId, payload: Named & { status: MessageStatus }): Fact => ({
  organization,
  type: 'message.status',
  version: 1,
  subject: payload.message_id,
  payload,
});

/** `messageStatus` of many, in the very statement that changed them. @param changed rows of messages, as SQL */
export const tellStatuses = (
  changed: string,
): string => `insert into private.facts (organization_id, type, subject, payload)
    select organization_id, 'message.status', id, jsonb_build_object('message_id', id, 'conversation_id', conversation_id,
      'session_id', session_id, 'status', status) from ${changed}`;
