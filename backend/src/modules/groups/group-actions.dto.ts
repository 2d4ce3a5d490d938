import { z } from 'zod';
import { GroupActionId, MediaId, MessageId, SessionId } from '../../kernel/ids.ts';
import { Phone } from '../../kernel/phone.ts';
import { GroupJid } from './groups.dto.ts';
import { GROUP_DESCRIPTION_MAX, GROUP_PEOPLE_MAX, GROUP_SUBJECT_MAX } from './groups.words.ts';

const Subject = z.string().trim().min(1).max(GROUP_SUBJECT_MAX);
const Description = z.string().trim().min(1).max(GROUP_DESCRIPTION_MAX);
/** Seconds after which messages disappear: a day, a week, 90 days; 0: they stay. */
const Ephemeral = z.union([z.literal(0), z.literal(86_400), z.literal(604_800), z.literal(7_776_000)]);

/** Privacy address. */
const Lid = z
  .string()
  .regex(/^[0-9]{3,30}$/, 'Write a privacy address as its digits.')
  .meta({ examples: ['123456789012345'] });

/** Somebody by his number or, where nobody knows it, by his privacy address, as they are in the list of participants. */
export const GroupPerson = z.union(
  [z.object({ phone_number: Phone, lid: Lid.nullish() }), z.object({ phone_number: z.null().optional(), lid: Lid })],
  'Name somebody by phone_number or by lid.',
);
export type GroupPerson = z.infer<typeof GroupPerson>;
const People = z.array(GroupPerson).min(1).max(GROUP_PEOPLE_MAX);

/** The number that does it. */
export const BySession = z.object({ session_id: SessionId });
export type BySession = z.infer<typeof BySession>;

export const CreateGroup = BySession.extend({
  subject: Subject,
  /** Besides the number itself. */
  participants: z.array(GroupPerson).max(GROUP_PEOPLE_MAX).default([]),
  description: Description.optional(),
  /** Only admins write. */
  announcement: z.boolean().optional(),
  /** Only admins change subject, description and picture. */
  locked: z.boolean().optional(),
  /** Whoever joins by the link waits until an admin lets him in. */
  join_approval: z.boolean().optional(),
  ephemeral_seconds: Ephemeral.optional(),
  /** Who may not be added is sent an invitation by a message. */
  invite: z.boolean().default(true),
});
export type CreateGroup = z.infer<typeof CreateGroup>;

export const ChangeGroupSubject = BySession.extend({ subject: Subject });
export type ChangeGroupSubject = z.infer<typeof ChangeGroupSubject>;
export const ChangeGroupDescription = BySession.extend({
  /** Null takes it away. */
  description: Description.nullable(),
});
export type ChangeGroupDescription = z.infer<typeof ChangeGroupDescription>;
export const ChangeGroupPicture = BySession.extend({
  /** An uploaded image; null takes the picture away. */
  media_id: MediaId.nullable(),
});
export type ChangeGroupPicture = z.infer<typeof ChangeGroupPicture>;

const Settings = z
  .object({
    announcement: z.boolean(),
    locked: z.boolean(),
    member_add_mode: z.enum(['admins', 'everyone']),
    join_approval: z.boolean(),
    ephemeral_seconds: Ephemeral,
  })
  .partial();
/** What is not named stays as it is. */
export const ChangeGroupSettings = BySession.extend(Settings.shape);
export type ChangeGroupSettings = z.infer<typeof ChangeGroupSettings>;

export const AddToGroup = BySession.extend({
  participants: People,
  /** Who may not be added is sent an invitation by a message. */
  invite: z.boolean().default(true),
});
export type AddToGroup = z.infer<typeof AddToGroup>;
export const NameInGroup = BySession.extend({ participants: People });
export type NameInGroup = z.infer<typeof NameInGroup>;

/** A link as `https://chat.whatsapp.com/AbC…`, or the end of it; its code is the first part. */
export const GROUP_LINK = /^(?:https?:\/\/)?(?:chat\.whatsapp\.com\/(?:invite\/)?)?([A-Za-z0-9_-]{8,64})(?:[/?#].*)?$/;
const GroupLink = z
  .string()
  .trim()
  .max(200)
  .regex(GROUP_LINK, 'Give the link as https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv.')
  .meta({ examples: ['https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv'] });
export const ByLink = BySession.extend({ link: GroupLink });
export type ByLink = z.infer<typeof ByLink>;

export const GROUP_ACTION_KINDS = [
  'create',
  'subject',
  'description',
  'picture',
  'settings',
  'add',
  'remove',
  'promote',
  'demote',
  'leave',
  'invite_link',
  'revoke_invite_link',
  'requests',
  'approve',
  'reject',
  'link_info',
  'join',
] as const;
export const GroupActionKind = z.enum(GROUP_ACTION_KINDS);
export type GroupActionKind = z.infer<typeof GroupActionKind>;

/**
 * What became of one person. `done`; `already` it was so; `needs_invitation` who may be added decides himself, and `invited`, he
 * was sent an invitation by a message; `recently_left` he left a short while ago and may not be added yet; `not_on_whatsapp`;
 * `not_in_group`; `not_waiting` he has not asked to be let in; `not_allowed` WhatsApp refuses it of him, as of who made the group;
 * `group_full`; `failed` for what WhatsApp does not say, but by `whatsapp_code`.
 */
export const GroupPersonStatus = z.enum([
  'done',
  'already',
  'needs_invitation',
  'invited',
  'recently_left',
  'not_on_whatsapp',
  'not_in_group',
  'not_waiting',
  'not_allowed',
  'group_full',
  'failed',
]);
export type GroupPersonStatus = z.infer<typeof GroupPersonStatus>;

export const GroupPersonResult = z.object({
  phone_number: z.string().nullable(),
  /** Privacy address. */
  lid: z.string().nullable(),
  status: GroupPersonStatus,
  /** Lets him in who is sent it. */
  invitation: z.object({ code: z.string(), expires_at: z.iso.datetime() }).nullable(),
  /** The message that the invitation is sent by. */
  message_id: MessageId.nullable(),
  whatsapp_code: z.number().int().nullable(),
});
export type GroupPersonResult = z.infer<typeof GroupPersonResult>;

/** What a link leads to, as whoever has it sees it. */
export const GroupBehindLinkView = z.object({
  jid: GroupJid,
  kind: z.enum(['group', 'community', 'announcements']),
  subject: z.string(),
  description: z.string().nullable(),
  size: z.number().int(),
  /** Whoever joins waits until an admin lets him in. */
  join_approval: z.boolean(),
});
export type GroupBehindLinkView = z.infer<typeof GroupBehindLinkView>;

/** Somebody who waits until an admin lets him in. */
export const JoinRequestView = z.object({
  phone_number: z.string().nullable(),
  /** Privacy address. */
  lid: z.string().nullable(),
  requested_at: z.iso.datetime(),
  /** By the link of the group; else somebody wanted to add him. */
  by_link: z.boolean(),
});
export type JoinRequestView = z.infer<typeof JoinRequestView>;

/** What came of it; only what there is. */
export const GroupActionResult = z
  .object({
    participants: z.array(GroupPersonResult),
    invite_link: z.string(),
    group: GroupBehindLinkView,
    requests: z.array(JoinRequestView),
    /** `requested`: an admin has to let the number in. */
    joined: z.enum(['joined', 'already', 'requested']),
  })
  .partial();
export type GroupActionResult = z.infer<typeof GroupActionResult>;

/** Something that a number is to do with a group. */
export const GroupActionView = z.object({
  id: GroupActionId,
  session_id: SessionId,
  kind: GroupActionKind,
  /** Null while the group is not there yet, or not known. */
  group_jid: GroupJid.nullable(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  result: GroupActionResult.nullable(),
  /** Why it failed, as the problem of the same code says. */
  error: z.object({ code: z.string(), title: z.string(), detail: z.string() }).nullable(),
  /** Who asked for it: a person's address, a key's name. */
  requested_by: z.string(),
  requested_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
export type GroupActionView = z.infer<typeof GroupActionView>;
