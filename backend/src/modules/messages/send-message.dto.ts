import { z } from 'zod';
import { MediaId, MessageId, SessionId } from '../../kernel/ids.ts';
import { Phone } from '../../kernel/phone.ts';
import { Recipient } from '../groups/groups.dto.ts';

/** Longest text that WhatsApp takes, in UTF-16 units. */
export const TEXT_MAX = 65_536;
/** Longest text under a file. */
export const CAPTION_MAX = 1024;
/** What WhatsApp's own apps let people write into a poll. */
export const POLL_NAME_MAX = 255;
export const POLL_OPTION_MAX = 100;
export const POLL_OPTIONS_MAX = 12;
const MENTIONS_MAX = 1024;
const CONTACTS_MAX = 20;

/** Of a message that says nothing else. */
export const PRIORITY = 5;
export const ATTEMPTS_MAX = 3;
const SCHEDULED_MAX_MS = 366 * 86_400_000;

const Queued = {
  /** Of what waits on one number, 1 leaves first and 10 last. */
  priority: z.number().int().min(1).max(10).optional().meta({ default: PRIORITY }),
  /** Tries while WhatsApp says that it is busy, the first included. */
  max_attempts: z.number().int().min(1).max(10).optional().meta({ default: ATTEMPTS_MAX }),
};

/** When a message leaves, and how it waits. */
export const DELIVERY_FIELDS = {
  /** Fails with `expired` when it could not leave before. */
  expires_at: z.iso
    .datetime()
    .optional()
    .meta({ examples: ['2026-12-24T20:00:00Z'] }),
  /** Leaves no earlier than then; until then it is `pending`. At most a year ahead. */
  scheduled_at: z.iso
    .datetime()
    .optional()
    .meta({ examples: ['2026-12-24T08:00:00Z'] }),
  ...Queued,
};

/** What a message is about, in the words of whoever sends it. It is kept, can be searched for, and does nothing. */
export const RELATED_FIELDS = {
  /** As `invoice` or `booking`. */
  related_type: z.string().trim().min(1).max(60).optional(),
  related_id: z.string().trim().min(1).max(200).optional(),
};

const Target = {
  /** The number to send from; without it the organization's default number is used. */
  session_id: SessionId.optional(),
  /** A number, or a group that the number is in. */
  to: Recipient,
  ...DELIVERY_FIELDS,
  ...RELATED_FIELDS,
};

/** What says when it leaves has to be able to come true. */
export const withinTime = <T extends z.ZodType<object>>(schema: T): T =>
  schema
    .refine((one) => !timesOf(one).at || Date.parse(timesOf(one).at ?? '') < Date.now() + SCHEDULED_MAX_MS, {
      path: ['scheduled_at'],
      error: 'Choose a time within a year.',
    })
    .refine(
      (one) => {
        const { at, end } = timesOf(one);
        return !at || !end || Date.parse(at) < Date.parse(end);
      },
      {
        path: ['expires_at'],
        error: 'It would expire before it is to leave. Choose a later end, or an earlier time.',
      },
    );

const timesOf = ({ scheduled_at: at, expires_at: end }: { scheduled_at?: string; expires_at?: string }) => ({
  at,
  end,
});

/** What a message of its own may have besides. */
const Addressed = {
  ...Target,
  /** The message that it answers: one of the same conversation. */
  reply_to: MessageId.optional(),
};
/** Whose `@` and number stand in the text: their names are shown in its place, and they are told. */
const Mentions = {
  mentions: z.array(Phone).max(MENTIONS_MAX).optional(),
  /** Everybody in the group that it goes to is told: `shown` with all their names under the text, `hidden` without. */
  mention_all: z.enum(['shown', 'hidden']).optional(),
};
const Captioned = {
  ...Addressed,
  ...Mentions,
  media_id: MediaId,
  caption: z
    .string()
    .max(CAPTION_MAX)
    .optional()
    .meta({ examples: ['Our new menu'] }),
};
/** Can be looked at once, and is then gone on the phone that got it. */
const ViewOnce = { view_once: z.boolean().optional() };

/** One emoji, as WhatsApp's apps offer them, with its skin tone and whatever it is joined of. */
const ONE_EMOJI = new RegExp(String.raw`^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)$`, 'v');

const Card = z
  .object({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .meta({ examples: ['Maya Levi'] }),
    phones: z.array(Phone).min(1).max(10),
    /** Shown under the name, as the place where somebody works. */
    organization: z.string().trim().min(1).max(100).optional(),
    email: z
      .email()
      .optional()
      .meta({ examples: ['maya@example.com'] }),
  })
  .meta({ description: 'A card that the phone offers to save.' });
export type SentCard = z.infer<typeof Card>;

const PollOptions = z
  .array(z.string().trim().min(1).max(POLL_OPTION_MAX))
  .min(2)
  .max(POLL_OPTIONS_MAX)
  .meta({ examples: [['Monday', 'Tuesday']] });

/** Messages of their own. */
const NEW_MESSAGES = [
  z.object({
    type: z.literal('text'),
    ...Addressed,
    ...Mentions,
    /** WhatsApp's own marks stay as they are: `*bold*`, `_italic_`, `~struck~`, `` `code` ``, `> quote`, `- list`. */
    text: z
      .string()
      .min(1)
      .max(TEXT_MAX)
      .meta({ examples: ['We are open until *nine*.'] }),
    /** Shows the title and picture of the first link in the text; the page is asked for them when the message leaves. */
    link_preview: z.boolean().optional(),
  }),
  z.object({ type: z.literal('image'), ...Captioned, ...ViewOnce }),
  z.object({ type: z.literal('video'), ...Captioned, ...ViewOnce }),
  /** A short video without sound that plays again and again: WhatsApp has no other. */
  z.object({ type: z.literal('gif'), ...Captioned }),
  z.object({ type: z.literal('audio'), ...Addressed, media_id: MediaId }),
  z.object({ type: z.literal('voice'), ...Addressed, media_id: MediaId, ...ViewOnce }),
  z.object({ type: z.literal('document'), ...Captioned }),
  z.object({ type: z.literal('sticker'), ...Addressed, media_id: MediaId }),
  z.object({
    type: z.literal('location'),
    ...Addressed,
    latitude: z
      .number()
      .min(-90)
      .max(90)
      .meta({ examples: [32.0809] }),
    longitude: z
      .number()
      .min(-180)
      .max(180)
      .meta({ examples: [34.7806] }),
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .optional()
      .meta({ examples: ['Dizengoff Center'] }),
    address: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .optional()
      .meta({ examples: ['Dizengoff 50, Tel Aviv'] }),
  }),
  z.object({ type: z.literal('contact'), ...Addressed, contacts: z.array(Card).min(1).max(CONTACTS_MAX) }),
  z.object({
    type: z.literal('poll'),
    ...Addressed,
    name: z
      .string()
      .trim()
      .min(1)
      .max(POLL_NAME_MAX)
      .meta({ examples: ['When shall we come?'] }),
    options: PollOptions,
    /** How many options one person may choose; 0: as many as there are. */
    selectable_count: z.number().int().min(0).max(POLL_OPTIONS_MAX).optional().meta({ default: 1 }),
  }),
  z.object({
    type: z.literal('forward'),
    ...Target,
    /** Says the same as this message, and that it was passed on. */
    message_id: MessageId,
  }),
] as const;

/** What is about another message goes where that one is: they name no recipient. */
const CHANGES_OF_MESSAGES = [
  z.object({
    type: z.literal('reaction'),
    ...Queued,
    message_id: MessageId,
    /** One emoji; the empty text takes the reaction back. */
    emoji: z
      .string()
      .max(40)
      .refine(
        (emoji) => emoji === '' || ONE_EMOJI.test(emoji),
        'Write one emoji, or nothing to take the reaction back.',
      )
      .meta({ examples: ['👍'] }),
  }),
  z.object({
    type: z.literal('edit'),
    ...Queued,
    mentions: Mentions.mentions,
    /** A text of ours of the last fifteen minutes. */
    message_id: MessageId,
    text: z
      .string()
      .min(1)
      .max(TEXT_MAX)
      .meta({ examples: ['We are open until *ten*.'] }),
  }),
  /** For everyone. */
  z.object({
    type: z.literal('delete'),
    ...Queued,
    /** A message of ours of the last sixty hours. */
    message_id: MessageId,
  }),
] as const;

export const SendMessage = withinTime(z.discriminatedUnion('type', [...NEW_MESSAGES, ...CHANGES_OF_MESSAGES]))
  .refine((one) => one.type !== 'poll' || new Set(one.options).size === one.options.length, {
    path: ['options'],
    error: 'Two options are the same. Say each once.',
  })
  .refine((one) => one.type !== 'poll' || (one.selectable_count ?? 1) <= one.options.length, {
    path: ['selectable_count'],
    error: 'There are fewer options than may be chosen.',
  });
export type SendMessage = z.infer<typeof SendMessage>;

/** A message of its own. */
export type NewMessage = Extract<SendMessage, { to: string }>;
/** What is to be done to another message. */
export type ChangeOfMessage = Exclude<SendMessage, { to: string }>;
