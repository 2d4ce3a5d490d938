import { z } from 'zod';
import { ContactId, GroupId, SessionId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { GROUP_ROLES, PEOPLE_CHANGES } from '../sessions/session-groups.ts';

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
});

export const GroupView = z.object({
  id: GroupId,
  jid: GroupJid,
  /** A `community` holds groups together and has no messages; its `announcements` go to everybody in them. */
  kind: z.enum(['group', 'community', 'announcements']),
  /** Of the community that it is a part of. */
  community_jid: GroupJid.nullable(),
  subject: z.string(),
  description: z.string().nullable(),
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
  numbers: z.array(GroupNumber),
});
export type GroupView = z.infer<typeof GroupView>;

export const ListGroups = PageQuery.extend({
  /** Those that this number is in. */
  session_id: SessionId.optional(),
  /** Part of a subject. */
  search: z.string().trim().max(100).optional(),
  /** `true`: those in which a number of yours is an admin. */
  admin: z.literal('true').optional(),
});
export type ListGroups = z.infer<typeof ListGroups>;
export const GroupPage = pageOf(GroupView);
export type GroupPage = z.infer<typeof GroupPage>;

export const GroupParticipantView = z.object({
  /** Null of who shows it to nobody. */
  phone_number: z.string().nullable(),
  /** Privacy address. */
  lid: z.string().nullable(),
  role: GroupRole,
  /** Null: before we knew the group. */
  joined_at: z.iso.datetime().nullable(),
  /** Whom of your contacts that is; null: none. */
  contact: z.object({ id: ContactId, name: z.string().nullable() }).nullable(),
  /** It is this number of yours. */
  session_id: SessionId.nullable(),
});
export type GroupParticipantView = z.infer<typeof GroupParticipantView>;

export const ListParticipants = PageQuery.extend({
  /** Part of a name, of a number, or of a privacy address. */
  search: z.string().trim().max(100).optional(),
  role: GroupRole.optional(),
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
  /** Who did it; null: nobody knows. */
  actor: z.object({ phone_number: z.string().nullable(), lid: z.string().nullable() }).nullable(),
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
