import { z } from 'zod';
import { ContactId, ContactListId, ContactMergeId, ConversationId, SessionId, TagId } from '../../kernel/ids.ts';
import { isLeapYear } from '../../kernel/local-time.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';

/** A person. The phone is null while WhatsApp has told us only a privacy address. */
export const ContactView = z.object({
  id: ContactId,
  phone_number: z.string().nullable(),
  name: z.string().nullable(),
});
export type ContactView = z.infer<typeof ContactView>;

/** A contact's name as a tag or list has it: shown as it is written, found in any case. */
const Name = z.string().trim().min(1);
export const TagName = Name.max(50);

export const TagView = z.object({ id: TagId, name: z.string(), contact_count: z.number().int() });
export type TagView = z.infer<typeof TagView>;

export const ContactListView = z.object({ id: ContactListId, name: z.string(), contact_count: z.number().int() });
export type ContactListView = z.infer<typeof ContactListView>;

/** In the order of their names. */
export const TagPage = z.object({ items: z.array(TagView), next_cursor: z.null() });
export type TagPage = z.infer<typeof TagPage>;
export const ContactListPage = z.object({ items: z.array(ContactListView), next_cursor: z.null() });
export type ContactListPage = z.infer<typeof ContactListPage>;

/** Every year, the first time in `year`. */
export const ContactDay = z
  .object({
    /** `birthday`, `anniversary`, or a name of your own: shown as it is written, found in any case. */
    name: Name.max(50, 'Give the day a name of at most 50 characters.').meta({ examples: ['birthday'] }),
    month: z.number().int().min(1).max(12),
    day: z.number().int().min(1).max(31),
    /** Null: not known. */
    year: z.number().int().min(1).max(9999).nullable().default(null),
  })
  .superRefine(({ month, day, year }, context) => {
    const last = new Date(Date.UTC(2000, month, 0)).getUTCDate(); // of a leap year
    if (day > last)
      context.addIssue({ code: 'custom', path: ['day'], message: `This month has ${last} days at most.` });
    else if (month === 2 && day === 29 && year !== null && !isLeapYear(year))
      context.addIssue({ code: 'custom', path: ['day'], message: `${year} had no 29 February.` });
  })
  .meta({ examples: [{ name: 'birthday', month: 2, day: 29, year: null }] });
export type ContactDay = z.infer<typeof ContactDay>;

/** What days of contacts are called, and of how many contacts. */
export const ContactDayNameView = z.object({ name: z.string(), contact_count: z.number().int() });
export type ContactDayNameView = z.infer<typeof ContactDayNameView>;
export const ContactDayNamePage = z.object({ items: z.array(ContactDayNameView), next_cursor: z.null() });
export type ContactDayNamePage = z.infer<typeof ContactDayNamePage>;

const Labelled = ContactView.extend({
  /** BCP 47, as `he`; null: not known. */
  language: z.string().nullable(),
  /** Wants no broadcasts, campaigns and automations since then. */
  opted_out_at: z.iso.datetime().nullable(),
  opt_out_source: z.string().nullable(),
  tags: z.array(z.object({ id: TagId, name: z.string() })),
  created_at: z.iso.datetime(),
});

export const ContactSummary = Labelled;
export type ContactSummary = z.infer<typeof ContactSummary>;

export const ContactPage = pageOf(ContactSummary);
export type ContactPage = z.infer<typeof ContactPage>;

export const ContactDetail = Labelled.extend({
  lists: z.array(z.object({ id: ContactListId, name: z.string() })),
  /** In the order of the year. */
  days: z.array(ContactDay),
  /** By what the person is known. A privacy address has no number that people know, so `phone_number` is null. */
  addresses: z.array(
    z.object({
      kind: z.enum(['phone', 'privacy_address', 'written_form']),
      phone_number: z.string().nullable(),
      /** The contact that has it, of those that are merged. */
      contact_id: ContactId,
      source: z.string().nullable(),
      learnt_at: z.iso.datetime().nullable(),
    }),
  ),
  conversations: z.array(z.object({ id: ConversationId, session_id: SessionId, session_name: z.string() })),
  /** What is merged into it, the newest first. */
  merges: z.array(
    z.object({
      id: ContactMergeId,
      name: z.string().nullable(),
      phone_number: z.string().nullable(),
      source: z.string(),
      /** Who merged them; null when it was learnt. */
      merged_by: z.string().nullable(),
      merged_at: z.iso.datetime(),
    }),
  ),
});
export type ContactDetail = z.infer<typeof ContactDetail>;

export const ListContacts = PageQuery.extend({
  /** Part of a name or of a number. */
  search: z.string().trim().max(100).optional(),
  tag_id: TagId.optional(),
  list_id: ContactListId.optional(),
  opted_out: z.enum(['true', 'false']).optional(),
});
export type ListContacts = z.infer<typeof ListContacts>;

const PersonName = Name.max(100).nullable();
const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'Give a language tag, as in he or pt-BR.')
  .meta({ examples: ['he'] })
  .nullable();

export const CreateContact = z.object({
  phone_number: Phone,
  name: PersonName.optional(),
  language: Language.optional(),
});
export type CreateContact = z.infer<typeof CreateContact>;

export const UpdateContact = z.object({ name: PersonName, language: Language }).partial();
export type UpdateContact = z.infer<typeof UpdateContact>;

export const MergeContact = z.object({
  /** The contact that is shown no more. */
  with: ContactId,
});
export type MergeContact = z.infer<typeof MergeContact>;

/** All tags of a contact, by name; new ones are made. */
export const SetTags = z.object({ tags: z.array(TagName).max(50) });
export type SetTags = z.infer<typeof SetTags>;

/** All days of a contact. */
export const SetDays = z.object({
  days: z
    .array(ContactDay)
    .max(20)
    .refine(
      (days) => new Set(days.map(({ name }) => name.toLowerCase())).size === days.length,
      'Give each day a name of its own.',
    ),
});
export type SetDays = z.infer<typeof SetDays>;

export const RenameTag = z.object({ name: TagName });
export type RenameTag = z.infer<typeof RenameTag>;

export const NameContactList = z.object({ name: Name.max(80) });
export type NameContactList = z.infer<typeof NameContactList>;

export const ChangeContactList = z.object({
  add: z.array(ContactId).max(1_000).default([]),
  remove: z.array(ContactId).max(1_000).default([]),
});
export type ChangeContactList = z.infer<typeof ChangeContactList>;

export const CheckNumbers = z.object({
  /** The number that asks; without it the organization's default number does. */
  session_id: SessionId.optional(),
  phone_numbers: z.array(Phone).min(1).max(1_000),
});
export type CheckNumbers = z.infer<typeof CheckNumbers>;

export const NumberCheckResult = z.object({
  items: z.array(
    z.object({
      phone_number: z.string(),
      /** `unknown`: not answered within three seconds. The question stays for a day; ask again. */
      on_whatsapp: z.enum(['true', 'false', 'unknown']),
      /** The number as WhatsApp has it. */
      canonical: z.string().nullable(),
    }),
  ),
});
export type NumberCheckResult = z.infer<typeof NumberCheckResult>;
