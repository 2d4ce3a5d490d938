/** What the control API takes about groups. */
import { z } from 'zod';
import { GROUP_SERVER, groupJid } from '../protocol/jid.ts';
import { MAX_PARTICIPANTS } from '../server/groups/book.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_SUBJECT_LENGTH } from '../server/groups/creation.ts';
import { PhoneNumber } from './phone-number.ts';

/** `120363…@g.us` */
export const GroupAddress = z.string().regex(/^\d{16,20}@g\.us$/, 'Write a group as 120363…@g.us.');

/** The same, with or without `@g.us`, as a path has it. */
export const GroupInPath = z
  .string()
  .transform((id) => (id.endsWith(GROUP_SERVER) ? id : groupJid(id)))
  .pipe(GroupAddress);

/** A person or a group. */
export const ChatId = z.union([GroupAddress, PhoneNumber]);

const Subject = z.string().trim().min(1).max(MAX_SUBJECT_LENGTH);
const Description = z.string().min(1).max(MAX_DESCRIPTION_LENGTH);
const Phones = z.array(PhoneNumber).min(1).max(MAX_PARTICIPANTS);

const Settings = z
  .strictObject({
    /** Only admins write. */
    announcement: z.boolean(),
    /** Only admins change subject, description, picture and timer. */
    locked: z.boolean(),
    memberAddMode: z.enum(['admin_add', 'all_member_add']),
    /** Who comes by the link waits for an admin. */
    approval: z.boolean(),
    /** Seconds after which messages disappear; 0: never. */
    ephemeral: z.int().min(0).max(7_776_000),
  })
  .partial();

export const CreateGroup = z.strictObject({
  owner: PhoneNumber,
  subject: Subject,
  participants: z
    .array(PhoneNumber)
    .max(MAX_PARTICIPANTS - 1)
    .default([]),
  description: Description.optional(),
  ...Settings.shape,
  /** Makes a community, with its announcements. */
  community: z.boolean().optional(),
  /** The community that the group is made in. */
  parent: GroupAddress.optional(),
});
export type CreateGroup = z.infer<typeof CreateGroup>;

export const ChangeParticipants = z.strictObject({
  by: PhoneNumber,
  action: z.enum(['add', 'remove', 'promote', 'demote']),
  phones: Phones,
});

export const DecideRequests = z.strictObject({
  by: PhoneNumber,
  action: z.enum(['approve', 'reject']),
  phones: Phones,
});

export const ChangeNumber = z.strictObject({ from: PhoneNumber, to: PhoneNumber });

/** The reason is one of WhatsApp's words. */
export const EndGroup = z.strictObject({ reason: z.string().min(1).max(100).optional() });

export const Leave = z.strictObject({ phone: PhoneNumber });

/** The code is that of the group's link, or of an invitation to this person. */
export const Join = z.strictObject({ phone: PhoneNumber, code: z.string().min(1).max(100) });

export const ChangeSettings = z.strictObject({ by: PhoneNumber, ...Settings.shape });

export const ChangeSubject = z.strictObject({ by: PhoneNumber, subject: Subject });

export const ChangeDescription = z.strictObject({ by: PhoneNumber, description: Description.nullable() });

/** A JPEG; null takes it away. */
export const ChangePicture = z.strictObject({ by: PhoneNumber, base64: z.base64().max(2_000_000).nullable() });

export const By = z.strictObject({ by: PhoneNumber });

export const Link = z.strictObject({ by: PhoneNumber, group: GroupAddress, linked: z.boolean().default(true) });
