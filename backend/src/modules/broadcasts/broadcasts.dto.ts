import { z } from 'zod';
import {
  BroadcastId,
  ContactId,
  ContactListId,
  ImportId,
  MediaId,
  MessageId,
  SessionId,
  TagId,
  TemplateId,
} from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { GroupJid } from '../groups/groups.dto.ts';
import { ImportColumn, ImportCountry } from '../imports/imports.dto.ts';
import { JobCounts } from '../jobs/jobs.dto.ts';
import { MessageStatus } from '../messages/messages.dto.ts';
import { DELIVERY_FIELDS, withinTime } from '../messages/send-message.dto.ts';

/** Most people of one broadcast, as of one call of bulk messages. */
export const BROADCAST_MAX = 10_000;
/** Longest text with all its alternatives, and longest that one person gets, in UTF-16 units. */
export const BROADCAST_PATTERN_MAX = 16_384;
export const BROADCAST_TEXT_MAX = 4_096;
const GROUPS_MAX = 500;
const NUMBERS_MAX = 50;
const SORTS_MAX = 100;

/** A text with `{{variables}}` and `{hello|hi}`, of which each person gets one alternative; `\` before a brace, `|` or `\` makes text of it. */
const Pattern = z
  .string()
  .min(1)
  .max(BROADCAST_PATTERN_MAX)
  .meta({ examples: ['{Hello|Hi} {{first_name}}, we are open until *nine*.'] });

/** What everybody gets. */
export const BroadcastContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: Pattern }),
  ...(['image', 'video', 'gif', 'document'] as const).map((type) =>
    z.object({
      type: z.literal(type),
      media_id: MediaId,
      /** A pattern as that of a text. What somebody gets of it may have 1,024 characters. */
      caption: Pattern.optional(),
    }),
  ),
  /** Filled in for each person; it has variables, and no alternatives. */
  z.object({ type: z.literal('template'), template_id: TemplateId }),
]);
export type BroadcastContent = z.infer<typeof BroadcastContent>;

/** People of groups that a number of yours is in. */
export const GroupAudience = z.object({
  jids: z.array(GroupJid).min(1).max(GROUPS_MAX),
  admins_only: z.boolean().optional(),
  /** `only`: those who are contacts of yours; `not`: those who are none. */
  contacts: z.enum(['only', 'not']).optional(),
});
export type GroupAudience = z.infer<typeof GroupAudience>;

/** People of a file that was uploaded as an import. The file stays what it is. */
export const ImportAudience = z.object({
  import_id: ImportId,
  phone_column: ImportColumn,
  country: ImportCountry.optional(),
  /** Columns by the name of their variable. */
  variables: z.record(z.string().max(64), ImportColumn).optional(),
});
export type ImportAudience = z.infer<typeof ImportAudience>;

const ids = <T extends z.ZodType>(id: T, max: number) => z.array(id).min(1).max(max).optional();

/** Who is meant: everybody whom any of these names, each once. */
export const BroadcastAudience = z
  .object({
    /** All contacts. */
    everybody: z.literal(true).optional(),
    /** The people of groups, each in a private chat. */
    groups: GroupAudience.optional(),
    /** These groups themselves: one message into each. */
    into_groups: z.array(GroupJid).min(1).max(GROUPS_MAX).optional(),
    tag_ids: ids(TagId, SORTS_MAX),
    list_ids: ids(ContactListId, SORTS_MAX),
    contact_ids: ids(ContactId, BROADCAST_MAX),
    phone_numbers: ids(Phone, BROADCAST_MAX),
    import: ImportAudience.optional(),
  })
  .refine((audience) => Object.values(audience).some((source) => source !== undefined), 'Say who is meant.')
  .meta({ minProperties: 1 });
export type BroadcastAudience = z.infer<typeof BroadcastAudience>;

const Times = { expires_at: DELIVERY_FIELDS.expires_at, scheduled_at: DELIVERY_FIELDS.scheduled_at };

/** What is said, from where, and when. */
const SAID = {
  content: BroadcastContent,
  /** Of variables that a person has no value of his own for. */
  variables: z.record(z.string().max(64), z.string().max(1_024)).optional(),
  /** The numbers that share it; without them the organization's default number sends. */
  session_ids: z.array(SessionId).min(1).max(NUMBERS_MAX).optional(),
  ...Times,
};

const Drafted = z.object({ audience: BroadcastAudience, ...SAID });
export const PreviewBroadcast = withinTime(Drafted);
export type PreviewBroadcast = z.infer<typeof PreviewBroadcast>;

const LAUNCHED = {
  name: z.string().trim().min(1).max(200),
  priority: DELIVERY_FIELDS.priority,
  /** The number of recipients that was confirmed: another one is refused. */
  expected: z.number().int().min(1).optional(),
};

export const LaunchBroadcast = withinTime(Drafted.extend(LAUNCHED));
export type LaunchBroadcast = z.infer<typeof LaunchBroadcast>;

/** To the people of one group. */
export const BroadcastToGroup = withinTime(
  z.object({
    ...SAID,
    ...LAUNCHED,
    /** The number that sends, where it is one. */
    session_id: SessionId.optional(),
    admins_only: GroupAudience.shape.admins_only,
    contacts: GroupAudience.shape.contacts,
  }),
);
export type BroadcastToGroup = z.infer<typeof BroadcastToGroup>;

/**
 * Why somebody who was meant is not written to: `own_number` it is one of yours; `opted_out`; `left_group` he is in none of the
 * groups any more; `no_address` the row of the file has no phone number; `not_on_whatsapp`, as WhatsApp said lately;
 * `missing_variable` he has no value for what the text needs; `text_too_long` with his values; `group_not_writable` a group in which
 * none of the numbers may write, `detail` says why.
 */
export const RecipientExclusion = z.enum([
  'own_number',
  'opted_out',
  'left_group',
  'no_address',
  'not_on_whatsapp',
  'missing_variable',
  'text_too_long',
  'group_not_writable',
]);
export type RecipientExclusion = z.infer<typeof RecipientExclusion>;

/**
 * Why it cannot be launched as it is: `no_recipients`; `too_many_recipients` for one broadcast; `session_not_linked` a number has
 * no WhatsApp; `new_chats_not_allowed` a number that begins no chats would have to; `expires_before_sent` at its pace and its new
 * chats of a day a number is not done in time.
 */
export const BroadcastRefusal = z.enum([
  'no_recipients',
  'too_many_recipients',
  'session_not_linked',
  'new_chats_not_allowed',
  'expires_before_sent',
]);
export type BroadcastRefusal = z.infer<typeof BroadcastRefusal>;

const Person = z.object({ name: z.string().nullable(), phone_number: z.string().nullable() });
const ExclusionDetail = z.string().nullable();

/** What a number has to do. */
export const BroadcastNumber = z.object({
  session_id: SessionId,
  recipients: z.number().int(),
  /** Of them, how many it has no chat with yet. */
  new_chats: z.number().int(),
  /** How many chats it may begin in a day, and how many more of them today; null: as many as it likes. */
  new_chats_per_day: z.number().int().nullable(),
  new_chats_left_today: z.number().int().nullable(),
  /** When its last one leaves, by its pace, its quiet hours, its new chats and what waits already; null: not within a year. */
  done_at: z.iso.datetime().nullable(),
});
export type BroadcastNumber = z.infer<typeof BroadcastNumber>;

/** What would happen. Nothing is written. */
export const BroadcastPreview = z.object({
  /** How many people would be written to. */
  recipients: z.number().int(),
  /** How often somebody was named again. */
  duplicates: z.number().int(),
  excluded: z.array(
    z.object({
      exclusion: RecipientExclusion,
      count: z.number().int(),
      /** The first of them; once it is launched all are in `GET /api/broadcasts/:id/recipients`. */
      people: z.array(Person.extend({ detail: ExclusionDetail })),
    }),
  ),
  /** What the first people would read; whoever is chosen for gets one alternative, perhaps another one. */
  samples: z.array(Person.extend({ session_id: SessionId, text: z.string() })),
  new_chats: z.number().int(),
  numbers: z.array(BroadcastNumber),
  starts_at: z.iso.datetime(),
  /** When the last one leaves; null: not within a year. */
  done_at: z.iso.datetime().nullable(),
  /** What it would use of the plan. */
  uses: z.object({ messages: z.number().int() }),
  refusals: z.array(
    z.object({
      refusal: BroadcastRefusal,
      /** Of a number. */
      session_id: SessionId.nullable(),
      detail: z.string(),
    }),
  ),
});
export type BroadcastPreview = z.infer<typeof BroadcastPreview>;

/** `scheduled` its time has not come; the rest as of a job, which it is. */
export const BroadcastState = z.enum(['scheduled', 'running', 'paused', 'completed', 'cancelled']);
export type BroadcastState = z.infer<typeof BroadcastState>;

export const BroadcastSummary = z.object({
  /** Of its job, too: its messages are those of `GET /api/messages?job_id=…`. */
  id: BroadcastId,
  name: z.string(),
  state: BroadcastState,
  /** How many people are written to. */
  total: z.number().int(),
  /** How many of the messages are how far; in a list as of the last count, a few seconds ago. */
  counts: JobCounts,
  /** How many people wrote within seven days of their message. */
  replied: z.number().int(),
  session_ids: z.array(SessionId),
  scheduled_at: z.iso.datetime().nullable(),
  /** Whoever launched it, as he was called then. */
  created_by: z.string(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
});
export type BroadcastSummary = z.infer<typeof BroadcastSummary>;

export const BroadcastView = BroadcastSummary.extend({
  audience: BroadcastAudience,
  content: BroadcastContent,
  variables: z.record(z.string(), z.string()),
  expires_at: z.iso.datetime().nullable(),
  duplicates: z.number().int(),
  excluded: z.array(z.object({ exclusion: RecipientExclusion, count: z.number().int() })),
  numbers: z.array(
    z.object({ session_id: SessionId, total: z.number().int(), counts: JobCounts, replied: z.number().int() }),
  ),
});
export type BroadcastView = z.infer<typeof BroadcastView>;

export const ListBroadcasts = PageQuery;
export type ListBroadcasts = PageQuery;
export const BroadcastPage = pageOf(BroadcastSummary);
export type BroadcastPage = z.infer<typeof BroadcastPage>;

export const BroadcastRecipientView = z.object({
  id: z.uuid(),
  contact_id: ContactId.nullable(),
  /** As he was called, and his number was written, when it was launched. */
  name: z.string().nullable(),
  phone_number: z.string().nullable(),
  /** The group that it goes into; null: to a person. */
  group_jid: GroupJid.nullable(),
  /** Null of who is written to. */
  exclusion: RecipientExclusion.nullable(),
  detail: ExclusionDetail,
  /** Null of who is not written to. */
  message: z
    .object({
      id: MessageId,
      session_id: SessionId,
      status: MessageStatus,
      error_code: z.string().nullable(),
      text: z.string().nullable(),
      sent_at: z.iso.datetime().nullable(),
      delivered_at: z.iso.datetime().nullable(),
      read_at: z.iso.datetime().nullable(),
      failed_at: z.iso.datetime().nullable(),
    })
    .nullable(),
  /** When he first wrote within seven days of his message. */
  replied_at: z.iso.datetime().nullable(),
});
export type BroadcastRecipientView = z.infer<typeof BroadcastRecipientView>;

/** Of people, as of their messages; `excluded` those who have none, `replied` those who wrote afterwards. */
export const RecipientState = z.enum([
  ...MessageStatus.options.filter((status) => status !== 'received'),
  'replied',
  'excluded',
]);
export type RecipientState = z.infer<typeof RecipientState>;

export const FilterRecipients = z.object({
  state: RecipientState.optional(),
  exclusion: RecipientExclusion.optional(),
  session_id: SessionId.optional(),
  /** Part of a name or of a number. */
  search: z.string().trim().max(100).optional(),
});
export type FilterRecipients = z.infer<typeof FilterRecipients>;
export const ListRecipients = PageQuery.extend(FilterRecipients.shape);
export type ListRecipients = z.infer<typeof ListRecipients>;
export const RecipientPage = pageOf(BroadcastRecipientView);
export type RecipientPage = z.infer<typeof RecipientPage>;
