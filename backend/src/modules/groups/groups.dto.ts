import { z } from 'zod';
import { ContactId, GroupId, GroupParticipantId, SessionId, TagId } from '../../kernel/ids.ts';
import { idsOf, PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { TagName } from '../contacts/contacts.dto.ts';
import { GROUP_ROLES, PEOPLE_CHANGES } from '../sessions/session-groups.ts';
import { GROUP_REFUSALS, GROUP_VERBS } from './groups.rules.ts';
import { PEOPLE_LIMIT_MAX } from './groups.words.ts';

/** As WhatsApp names a group: `120363041234567890@g.us`. */
export const GroupJid = z
  .string()
  .regex(/^[0-9]+(-[0-9]+)?@g\.us$/, 'Write the group as WhatsApp names it, as 120363041234567890@g.us.')
  .meta({ examples: ['120363041234567890@g.us'] });
export type GroupJid = z.infer<typeof GroupJid>;

/** Whom a message goes to: a number with its country code, or a group as WhatsApp names it. */
export const Recipient = z
  .string()
  .trim()
  .meta({ examples: ['+972501234567', '120363041234567890@g.us'] })
  .transform((input, context): Phone | GroupJid => {
    const read = (input.includes('@') ? GroupJid : Phone).safeParse(input);
    if (read.success) return read.data;
    for (const { message } of read.error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
export const isGroupJid = (to: string): to is GroupJid => to.endsWith('@g.us');

export const GroupRole = z.enum(GROUP_ROLES);

/** A number of yours that is in a group, or was. */
export const GroupNumber = z.object({
  session_id: SessionId,
  /** What it may do there; null: it is not in it any more. */
  role: GroupRole.nullable(),
  /** What it may not do there, and why, by the code of the problem that would say so; everything else it may. */
  cannot: z.partialRecord(z.enum(GROUP_VERBS), z.enum(GROUP_REFUSALS)),
});

/** A `community` holds groups together and has no messages; its `announcements` go to everybody in them. */
export const GroupKind = z.enum(['group', 'community', 'announcements']);

/**
 * What a group looks like, as `GET /api/groups/{jid}/picture` shows it; null: it has no picture.
 * `updated_at`: since when; null: nobody has looked yet, which asking for it has done.
 */
export const GroupPictureInfo = z.object({ updated_at: z.iso.datetime().nullable() }).nullable();
export type GroupPictureInfo = z.infer<typeof GroupPictureInfo>;

export const GroupView = z.object({
  id: GroupId,
  jid: GroupJid,
  kind: GroupKind,
  /** Of the community that it is a part of. */
  community_jid: GroupJid.nullable(),
  /** What that one is called; null: there is none, or no number of yours was told of it. */
  community_subject: z.string().nullable(),
  subject: z.string(),
  description: z.string().nullable(),
  picture: GroupPictureInfo,
  /** Only admins write. */
  announcement: z.boolean(),
  /** Only admins change subject, description and picture. */
  locked: z.boolean(),
  /** Who may add others. */
  member_add_mode: z.enum(['admins', 'everyone']),
  /** Whoever joins by the link waits until an admin lets him in. */
  join_approval: z.boolean(),
  /** After so many seconds messages disappear; null: they stay. */
  ephemeral_seconds: z.number().int().nullable(),
  /** How many people are in it, your numbers too. */
  size: z.number().int(),
  /** On WhatsApp. */
  founded_at: z.iso.datetime().nullable(),
  /** There is no such group any more: since when, and why in WhatsApp's word, where it says; null: it goes on. */
  ended: z.object({ at: z.iso.datetime(), reason: z.string().nullable() }).nullable(),
  numbers: z.array(GroupNumber),
});
export type GroupView = z.infer<typeof GroupView>;

export const ListGroups = PageQuery.extend({
  /** Those that this number is in. */
  session_id: SessionId.optional(),
  /** Part of a subject. */
  search: z.string().trim().max(100).optional(),
  /** `true`: those in which a number of yours is an admin; `false`: those in which yours are members alone. */
  admin: z.enum(['true', 'false']).optional(),
  kind: GroupKind.optional(),
  /** Those of this community. */
  community_jid: GroupJid.optional(),
  /** These alone, as far as they are there. Up to 100 ids, with commas between them. */
  ids: idsOf(GroupId).optional(),
  /** `size`: the largest first. */
  sort: z.enum(['subject', 'size']).default('subject'),
});
export type ListGroups = z.infer<typeof ListGroups>;
export const GroupPage = pageOf(GroupView);
export type GroupPage = z.infer<typeof GroupPage>;

/** Whom of your contacts somebody is; null: none. */
const AsContact = z.object({ id: ContactId, name: z.string().nullable() }).nullable();

export const GroupParticipantView = z.object({
  id: GroupParticipantId,
  /** Null of who shows it to nobody. */
  phone_number: z.string().nullable(),
  /** Privacy address. */
  lid: z.string().nullable(),
  /** As he calls himself; null until he has written in it. */
  push_name: z.string().nullable(),
  role: GroupRole,
  /** Null: before we knew the group. */
  joined_at: z.iso.datetime().nullable(),
  contact: AsContact,
  /** It is this number of yours. */
  session_id: SessionId.nullable(),
});
export type GroupParticipantView = z.infer<typeof GroupParticipantView>;

export const ListParticipants = PageQuery.extend({
  /** Part of a name, of a number, or of a privacy address. */
  search: z.string().trim().max(100).optional(),
  role: GroupRole.optional(),
  /** `true`: admins, and who made the group. */
  admin: z.literal('true').optional(),
  limit: z.coerce.number().int().min(1).max(PEOPLE_LIMIT_MAX).default(50),
});
export type ListParticipants = z.infer<typeof ListParticipants>;
export const GroupParticipantPage = pageOf(GroupParticipantView);
export type GroupParticipantPage = z.infer<typeof GroupParticipantPage>;

/** What happened to somebody in a group. `joined` by a link or a request, `left` by himself; else another did it. */
export const GroupEventView = z.object({
  type: z.enum(PEOPLE_CHANGES),
  /** When it happened or, where it is `noticed`, when it was seen. */
  at: z.iso.datetime(),
  phone_number: z.string().nullable(),
  /** Privacy address. */
  lid: z.string().nullable(),
  contact: AsContact,
  /** Who did it; null: nobody knows. */
  actor: z.object({ phone_number: z.string().nullable(), lid: z.string().nullable(), contact: AsContact }).nullable(),
  /** How many were in the group then. */
  size: z.number().int(),
  /** It was not told: no number of yours was there, and afterwards it was so. */
  noticed: z.boolean(),
});
export type GroupEventView = z.infer<typeof GroupEventView>;
export const ListGroupEvents = PageQuery;
export type ListGroupEvents = PageQuery;
export const GroupEventPage = pageOf(GroupEventView);
export type GroupEventPage = z.infer<typeof GroupEventPage>;

export const AskGrowth = z.object({
  /** Until today, by your organization's days. */
  days: z.coerce.number().int().min(1).max(366).default(30),
});
export type AskGrowth = z.infer<typeof AskGrowth>;

/** Of each day, the first one first. */
export const GroupGrowth = z.object({
  items: z.array(
    z.object({
      day: z.iso.date(),
      joined: z.number().int(),
      left: z.number().int(),
      /** How many were in it when the day ended; null: before we knew the group. */
      size: z.number().int().nullable(),
    }),
  ),
});
export type GroupGrowth = z.infer<typeof GroupGrowth>;

/** Most of its people that are told at once. */
const MOST_ACTIVE_MAX = 100;

export const AskMostActive = AskGrowth.extend({
  limit: z.coerce.number().int().min(1).max(MOST_ACTIVE_MAX).default(10),
});
export type AskMostActive = z.infer<typeof AskMostActive>;

/** Somebody who wrote in a group. */
export const GroupWriterView = GroupParticipantView.omit({ joined_at: true }).extend({
  /** Null: he is not in it any more. */
  role: GroupRole.nullable(),
  /** How many; reactions, votes, edits and deletions are no messages of their own. */
  messages: z.number().int(),
  last_written_at: z.iso.datetime(),
});
export type GroupWriterView = z.infer<typeof GroupWriterView>;

/**
 * Who wrote the most, by when it was written or, of yours, left; each message once, however many numbers of yours are in the group.
 * What one of yours had scheduled for longer than these days is not among it.
 */
export const GroupMostActive = z.object({
  /** Of everybody, also of those who are not among the items. */
  messages: z.number().int(),
  /** How many wrote. */
  people: z.number().int(),
  items: z.array(GroupWriterView),
});
export type GroupMostActive = z.infer<typeof GroupMostActive>;

/** Most people that can be named one by one. */
const NAMED_MAX = 2_000;

/** Who of a group becomes a contact with a tag: whoever is named, else all, or all admins. Your own numbers never do. */
export const TagParticipants = z.object({
  /** Made when there is none of this name yet. */
  tag: TagName,
  participants: z.array(GroupParticipantId).min(1).max(NAMED_MAX).optional(),
  /** Admins, and who made the group, alone. */
  admins: z.boolean().default(false),
});
export type TagParticipants = z.infer<typeof TagParticipants>;

/** Somebody who is a contact already keeps what is known of him; whoever has opted out has so still. */
export const ParticipantsTagged = z.object({
  tag: z.object({ id: TagId, name: z.string() }),
  /** How many people it was about. */
  people: z.number().int(),
  /** Who of them were no contacts before. */
  created: z.number().int(),
  /** Who of them have got the tag; the others had it. */
  tagged: z.number().int(),
});
export type ParticipantsTagged = z.infer<typeof ParticipantsTagged>;
