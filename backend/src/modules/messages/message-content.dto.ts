import { z } from 'zod';

export const Location = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  /** Of the place, as "Café Dizengoff". */
  name: z.string().nullable(),
  address: z.string().nullable(),
  /** Its sender's phone went on telling where it is; this is where it was at first. */
  live: z.boolean(),
});
export type Location = z.infer<typeof Location>;

export const ContactCard = z.object({
  name: z.string(),
  /** As they are written on the card. */
  phones: z.array(z.string()),
  /** The card without its pictures, vCard 3.0 or 4.0. */
  vcard: z.string(),
});
export type ContactCard = z.infer<typeof ContactCard>;

export const Poll = z.object({
  name: z.string(),
  options: z.array(z.string()),
  /** How many of them one person may choose; 0: as many as there are. */
  selectable_count: z.number().int(),
});
export type Poll = z.infer<typeof Poll>;

/** Somebody whose name stands in the text, as `@` and the digits of his number or privacy address. */
export const Mention = z.object({ phone_number: z.string().nullable(), lid: z.string().nullable() });
export type Mention = z.infer<typeof Mention>;

/** Lets whoever it was sent to into a group; the text says what it is. */
export const GroupInvite = z.object({
  group_jid: z.string(),
  subject: z.string(),
  code: z.string(),
  expires_at: z.iso.datetime(),
});
export type GroupInvite = z.infer<typeof GroupInvite>;

export const LinkPreview = z.object({
  url: z.string(),
  /** Both are null when the page could not be asked. */
  title: z.string().nullable(),
  description: z.string().nullable(),
});
export type LinkPreview = z.infer<typeof LinkPreview>;

/**
 * What a message consists of besides its text and its file; only what it has. `location`, `contacts` and `poll` belong to the
 * types of these names, `duration_seconds` to video, gif, audio and voice; the others come with several types.
 */
export const MessageContent = z
  .object({
    location: Location,
    contacts: z.array(ContactCard),
    poll: Poll,
    mentions: z.array(Mention),
    /** Everybody in the group is told: `shown` with all their names under the text, `hidden` without. */
    mention_all: z.enum(['shown', 'hidden']),
    group_invite: GroupInvite,
    link_preview: LinkPreview,
    /** It can be looked at once. What we are not given of it stays on the phone: `media_state` is `none` then. */
    view_once: z.literal(true),
    /** A video that is round and was spoken like a voice message. */
    video_note: z.literal(true),
    duration_seconds: z.number().int(),
    /** How often it was passed on; WhatsApp calls 5 and more "many times". */
    forwards: z.number().int(),
    /** Of a vote: the places of the options that were chosen, the first is 0. Absent while the poll is not known here. */
    vote: z.array(z.number().int()),
  })
  .partial();
export type MessageContent = z.infer<typeof MessageContent>;
