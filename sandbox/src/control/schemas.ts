/** What the control API takes. Every request is checked against these before anything is done. */
import { z } from 'zod';
import { MEDIA_KINDS } from '../phone/message-content.ts';
import { IMMEDIATE_FAULTS, STANDING_FAULTS } from '../server/faults.ts';

/** E.164, with or without the plus; kept without. */
export const PhoneNumber = z
  .string()
  .regex(/^\+?[1-9]\d{6,14}$/, 'Write a phone number with its country code, e.g. +12025550101.')
  .transform((phone) => phone.replace('+', ''));

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
  /** Other ways of writing the number that WhatsApp answers with this one. */
  otherForms: z.array(PhoneNumber).max(5).optional(),
});

export const ChangePhone = z.strictObject({ name: Name, autoReply: AutoReply, autoRead: z.boolean() }).partial();

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

export const SendMessage = z
  .strictObject({
    to: PhoneNumber,
    text: z.string().min(1).max(65_536).optional(),
    media: Media.optional(),
    /** WhatsApp message id. The same request with the same id sends once. */
    id: MessageId.optional(),
  })
  .refine((message) => (message.text === undefined) !== (message.media === undefined), 'Give either a text or media.');
export type SendMessage = z.infer<typeof SendMessage>;

export const ListMessages = z.strictObject({
  with: PhoneNumber.optional(),
  /** `order` of the last message that is known already. */
  after: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});

export const Read = z.strictObject({ with: PhoneNumber, played: z.boolean().optional() });

export const Typing = z.strictObject({
  to: PhoneNumber,
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
