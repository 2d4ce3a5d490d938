import { ContactId, ContactListId, ContactMergeId, ConversationId, SessionId, TagId } from '../../kernel/ids.ts';
import type { ContactRecord, ContactRecordsRepository } from './contact-records.repository.ts';
import type { ContactDetail, ContactSummary } from './contacts.dto.ts';

type Details = Awaited<ReturnType<ContactRecordsRepository['detailsOf']>>;
type Address = ContactDetail['addresses'][number];

export const toSummary = (row: ContactRecord): ContactSummary => ({
  id: ContactId.parse(row.id),
  phone_number: row.phoneNumber,
  name: row.name ?? row.pushName,
  language: row.language,
  opted_out_at: row.optedOutAt?.toISOString() ?? null,
  opt_out_source: row.optOutSource,
  tags: row.tags
    .map(({ tag }) => ({ id: TagId.parse(tag.id), name: tag.name }))
    .toSorted((a, b) => a.name.localeCompare(b.name)),
  created_at: row.createdAt.toISOString(),
});

export const toDetail = (row: ContactRecord, details: Details): ContactDetail => ({
  ...toSummary(row),
  lists: details.lists.map(({ list }) => ({ id: ContactListId.parse(list.id), name: list.name })),
  days: details.days.map(({ name, month, day, year }) => ({ name, month, day, year })),
  addresses: [
    ...details.group.flatMap(addressesOf),
    ...details.forms.map((form) => ({
      kind: 'written_form' as const,
      phone_number: form.phoneNumber,
      contact_id: ContactId.parse(row.id),
      source: 'check',
      learnt_at: form.checkedAt.toISOString(),
    })),
  ],
  conversations: details.conversations.map((one) => ({
    id: ConversationId.parse(one.id),
    session_id: SessionId.parse(one.sessionId),
    session_name: one.session.name,
  })),
  merges: details.merges.map(({ id, merged, source, mergedBy, mergedAt }) => ({
    id: ContactMergeId.parse(id),
    name: merged.name ?? merged.pushName,
    phone_number: merged.phoneNumber,
    source,
    merged_by: mergedBy,
    merged_at: mergedAt.toISOString(),
  })),
});

function addressesOf(one: Details['group'][number]): Address[] {
  const proofOf = (matches: (proof: { phoneNumber: string | null; lid: string | null }) => boolean) => {
    const proof = one.evidence.find(matches);
    return { source: proof?.source ?? null, learnt_at: proof?.learntAt.toISOString() ?? null };
  };
  const of = { contact_id: ContactId.parse(one.id) };
  return [
    ...(one.phoneNumber === null
      ? []
      : [
          {
            ...of,
            kind: 'phone' as const,
            phone_number: one.phoneNumber,
            ...proofOf(({ phoneNumber }) => phoneNumber === one.phoneNumber),
          },
        ]),
    ...(one.lid === null
      ? []
      : [{ ...of, kind: 'privacy_address' as const, phone_number: null, ...proofOf(({ lid }) => lid === one.lid) }]),
  ];
}
