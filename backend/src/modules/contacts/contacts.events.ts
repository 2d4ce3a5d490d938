import type { OrganizationId } from '../../kernel/ids.ts';
import type { Fact } from '../../platform/facts/facts.ts';

/** How something about a person was learnt: from a message's sender, from the phone's own list, as WhatsApp's answer to a question, or by a person's or program's word. */
export const EVIDENCE_SOURCES = ['message', 'mapping', 'check', 'person'] as const;
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

type ContactFact = 'contact.created' | 'contact.updated';

/** Somebody is known from now on. Followed by the live socket as `contact.created`. */
export const contactCreated = (organization: OrganizationId, contact: string): Fact =>
  contactFact('contact.created', organization, contact);

/** What is known of somebody changed. Followed by the live socket as `contact.updated`. */
export const contactUpdated = (organization: OrganizationId, contact: string): Fact =>
  contactFact('contact.updated', organization, contact);

const contactFact = (type: ContactFact, organization: OrganizationId, contact: string): Fact => ({
  organization,
  type,
  version: 1,
  subject: contact,
  payload: { contact_id: contact },
});

/** Two contacts are one, or, `undone`, two again. Followed by the live socket as `contact.merged`. */
export const contactMerged = (
  organization: OrganizationId,
  { kept, merged, merge, undone }: { kept: string; merged: string; merge: string; undone: boolean },
): Fact => ({
  organization,
  type: 'contact.merged',
  version: 1,
  subject: kept,
  payload: { contact_id: kept, merged_contact_id: merged, merge_id: merge, undone },
});

/** A fact of many contacts, in the very statement that changed them. @param changed rows of contacts, as SQL */
export const tellContacts = (type: ContactFact, changed: string): string =>
  `insert into private.facts (organization_id, type, subject, payload)
    select organization_id, '${type}', id, jsonb_build_object('contact_id', id) from ${changed}`;
