import { z } from 'zod';
import { GroupAdditionId, MessageId, SessionId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { BySession, GroupPerson, GroupPersonStatus } from './group-actions.dto.ts';
import { GroupJid } from './groups.dto.ts';
import { ADDITION_PER_STEP, ADDITION_STEP_SECONDS, GROUP_ADDITION_MAX } from './groups.words.ts';

/** People who are to come into a group a few at a time, as a person would add them. */
export const StartAddition = BySession.extend({
  participants: z.array(GroupPerson).min(1).max(GROUP_ADDITION_MAX),
  /** Who may not be added is sent an invitation by a message. */
  invite: z.boolean().default(true),
  per_step: z.number().int().min(1).max(20).default(ADDITION_PER_STEP),
  /** Between two steps; less than 60 at the sandbox only. */
  step_seconds: z.number().int().min(0).max(86_400).default(ADDITION_STEP_SECONDS),
});
export type StartAddition = z.infer<typeof StartAddition>;

export const GroupAdditionState = z.enum(['running', 'paused', 'completed', 'cancelled']);
export type GroupAdditionState = z.infer<typeof GroupAdditionState>;

/** `waiting`: his step has not come, or has not ended. */
export const AdditionPersonStatus = z.enum(['waiting', ...GroupPersonStatus.options]);
export type AdditionPersonStatus = z.infer<typeof AdditionPersonStatus>;

export const GroupAdditionView = z.object({
  id: GroupAdditionId,
  session_id: SessionId,
  group_jid: GroupJid,
  state: GroupAdditionState,
  /** Why it paused by itself, by the code of the problem; null: a person paused it, or it is not paused. */
  error_code: z.string().nullable(),
  invite: z.boolean(),
  per_step: z.number().int(),
  step_seconds: z.number().int(),
  /** When the next step may begin; null when there is none. */
  next_at: z.iso.datetime().nullable(),
  total: z.number().int(),
  /** How many people there are of each status that there is. */
  counts: z.partialRecord(AdditionPersonStatus, z.number().int()),
  requested_by: z.string(),
  requested_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
export type GroupAdditionView = z.infer<typeof GroupAdditionView>;

export const ListAdditions = PageQuery.extend({ group_jid: GroupJid.optional() });
export type ListAdditions = z.infer<typeof ListAdditions>;
export const GroupAdditionPage = pageOf(GroupAdditionView);
export type GroupAdditionPage = z.infer<typeof GroupAdditionPage>;

export const AdditionPersonView = z.object({
  phone_number: z.string().nullable(),
  /** Privacy address. */
  lid: z.string().nullable(),
  status: AdditionPersonStatus,
  whatsapp_code: z.number().int().nullable(),
  /** The message that his invitation is sent by. */
  message_id: MessageId.nullable(),
  settled_at: z.iso.datetime().nullable(),
});
export const ListAdditionPeople = PageQuery.extend({ status: AdditionPersonStatus.optional() });
export type ListAdditionPeople = z.infer<typeof ListAdditionPeople>;
export const AdditionPersonPage = pageOf(AdditionPersonView);
export type AdditionPersonPage = z.infer<typeof AdditionPersonPage>;
