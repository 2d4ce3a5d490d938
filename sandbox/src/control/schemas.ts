/** What the control API takes. Every request is checked against these before anything is done. */
import { z } from 'zod';
import { MEDIA_KINDS } from '../phone/message-content.ts';
import { IMMEDIATE_FAULTS, STANDING_FAULTS } from '../server/faults.ts';
import { ChatId } from './group-schemas.ts';
import { PhoneNumber } from './phone-number.ts';

export { PhoneNumber } from './phone-number.ts';

const Name = z.string().trim().min(1).max(100);
const AutoReply = z.string().min(1).max(1000).nullable();
const MessageId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

export const CreatePhone = z.strictObject({
  phone: PhoneNumber.optional(),
  name: Name.optional(),
  /** Answers every message with this text; `{text}` in it stands for what was written. */
  autoReply: AutoReply.optional(),
  autoRead: z.boolean().optional(),
  /** Takes messages without decrypting them, and returns no receipt. */
  silent: z.boolean().optional(),
  /** Whoever adds the phone to a group is refused (403), and may send it an invitation. */
  groupsByInvitationOnly: z.boolean().optional(),
  /** Other ways of writing the number that WhatsApp answers with this one. */
  otherForms: z.array(PhoneNumber).max(5).optional(),
});

export const ChangePhone = z
  .strictObject({ name: Name, autoReply: AutoReply, autoRead: z.boolean(), groupsByInvitationOnly: z.boolean() })
  .partial();

export const Scan = z.strictObject({ qr: z.string().min(1).max(2000) });

/** Eight characters, as shown: a dash in the middle and small letters are forgiven. */
export const Pair = z.strictObject({
  code: z
    .string()
    .transform((code) => code.replaceAll(/[\s-]/g, '').toUpperCase())
    .pipe(z.string().regex(/^[0-9A-Z]{8}$/, 'A pairing code has 8 letters and digits.')),
});

export const MAX_MEDIA_BYTES = 100 * 1024 * 1024;

const Media = z
  .strictObject({
    kind: z.enum(MEDIA_KINDS),
    url: z.url({ protocol: /^https?$/ }).optional(),
    base64: z.base64().optional(),
    mimetype: z.string().max(200).optional(),
    fileName: z.string().min(1).max(255).optional(),
    caption: z.string().max(4096).optional(),
  })
  .refine(
    (media) => (media.url === undefined) !== (media.base64 === undefined),
    'Give the file either as url or as base64.',
  );

const Poll = z.strictObject({
  name: z.string().min(1).max(255),
  options: z.array(z.string().min(1).max(100)).min(2).max(12),
  /** How many one person may choose; 0: all. */
  selectableCount: z.int().min(0).max(12).default(1),
  /** Of the message that it is sent as; WhatsApp has had three. */
  version: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(3),
});

/** What a message can be; it is one of them. */
const CONTENTS = {
  text: z.string().min(1).max(65_536),
  media: Media,
  location: z.strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().max(100).optional(),
    address: z.string().max(300).optional(),
    live: z.boolean().optional(),
  }),
  contacts: z
    .array(z.strictObject({ name: Name, phone: PhoneNumber }))
    .min(1)
    .max(20),
  poll: Poll,
  /** The options that are chosen from now on, by what they say; none takes the vote back. */
  vote: z.strictObject({ id: MessageId, options: z.array(z.string()).max(12) }),
  /** The empty text takes a reaction back. */
  reaction: z.strictObject({ id: MessageId, emoji: z.string().max(40) }),
  edit: z.strictObject({ id: MessageId, text: z.string().min(1).max(65_536) }),
  delete: z.strictObject({ id: MessageId }),
  forward: z.strictObject({ id: MessageId }),
  /** An encoded `proto.Message`, for whatever else there is. */
  raw: z.base64().max(1_000_000),
};
const CONTENT_NAMES = Object.keys(CONTENTS) as (keyof typeof CONTENTS)[];

export const SendMessage = z
  .strictObject({
    /** A person or a group. */
    to: ChatId,
    ...z.strictObject(CONTENTS).partial().shape,
    /** Id of the message that it answers. */
    replyTo: MessageId.optional(),
    mentions: z.array(PhoneNumber).max(100).optional(),
    viewOnce: z.boolean().optional(),
    /** As in a chat whose messages disappear. */
    disappearing: z.boolean().optional(),
    /** WhatsApp message id. The same request with the same id sends once. */
    id: MessageId.optional(),
  })
  .refine(
    (message) => CONTENT_NAMES.filter((name) => message[name] !== undefined).length === 1,
    `Give one of ${CONTENT_NAMES.join(', ')}.`,
  );
export type SendMessage = z.infer<typeof SendMessage>;

export const ListMessages = z.strictObject({
  with: ChatId.optional(),
  /** `order` of the last message that is known already. */
  after: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});

export const Read = z.strictObject({ with: ChatId, played: z.boolean().optional() });

export const Typing = z.strictObject({
  to: ChatId,
  state: z.enum(['composing', 'recording', 'paused']).default('composing'),
});

export const Block = z.strictObject({ phone: PhoneNumber, blocked: z.boolean().default(true) });

export const PlaceCall = z.strictObject({ to: PhoneNumber, video: z.boolean().default(false) });

/** Both are told to the account's devices; null takes one off. */
export const Restrict = z
  .strictObject({
    /** Until then no linked device begins a chat: ISO 8601. */
    reachOutUntil: z.iso.datetime({ offset: true }).nullable(),
    newChats: z
      .strictObject({
        quota: z.int().min(1).max(1_000_000),
        cycleEnds: z.iso.datetime({ offset: true }),
      })
      .nullable(),
  })
  .partial();

export const Nothing = z.strictObject({});

export const DeviceId = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);

export const AddFault = z
  .strictObject({
    target: z.union([z.literal('*'), PhoneNumber]),
    kind: z.enum([...IMMEDIATE_FAULTS, ...STANDING_FAULTS]),
    count: z.int().min(1).max(1_000_000).optional(),
    afterMs: z.int().min(0).max(3_600_000).optional(),
    probability: z.number().min(0).max(1).optional(),
    code: z.int().min(100).max(999).optional(),
    delayMs: z.int().min(1).max(600_000).optional(),
  })
  .refine((fault) => fault.kind !== 'delay' || fault.delayMs !== undefined, 'A delay needs delayMs.')
  .refine(
    (fault) => fault.target === '*' || !['expire-qr', 'media-gone'].includes(fault.kind),
    'Nobody is known yet at this occasion: the target must be *.',
  );
