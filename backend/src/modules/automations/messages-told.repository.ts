import { Injectable } from '@nestjs/common';
import type { FollowedFact } from '../../platform/facts/fact-cursors.ts';
import { CHANGES } from '../messages/messages.dto.ts';
import type { OptOutWords } from '../opt-outs/opt-outs.dto.ts';
import { toWords } from '../opt-outs/opt-outs.service.ts';
import type { Run } from './automation-acts.ts';

/** A message that came in, and of whom. */
export type MessageTold = Readonly<{
  id: string;
  session_id: string;
  type: string;
  text: string | null;
  sent_at: Date;
  /** The one that is shown. */
  contact_id: string;
  phone_number: string | null;
  contact_name: string | null;
}>;

/** Somebody who is known from now on. */
export type ContactTold = Readonly<{
  id: string;
  phone_number: string | null;
  contact_name: string | null;
  created_at: Date;
  /** When he wrote last, if he did. */
  wrote_at: Date | null;
  /** Something was said, by whomever. */
  has_messages: boolean;
}>;

const MESSAGES = `select m.id::text as id, m.session_id::text as session_id, m.type, m.text, coalesce(m.sent_at, m.created_at) as sent_at,
       r.id::text as contact_id, coalesce(c.phone_number, r.phone_number) as phone_number, coalesce(r.name, c.push_name, r.push_name) as contact_name
  from messages m
  join conversations v on v.organization_id = m.organization_id and v.id = coalesce(m.origin_conversation_id, m.conversation_id)
  join contacts c on c.organization_id = v.organization_id and c.id = v.contact_id
  join contacts r on r.organization_id = c.organization_id and r.id = coalesce(c.merged_into, c.id)
 where (m.organization_id, m.id) in (select * from unnest($1::uuid[], $2::uuid[]))
   and m.direction = 'inbound' and m.deleted_at is null and m.type <> all ($3)`;

const CONTACTS = `select c.id::text as id, c.phone_number, coalesce(c.name, c.push_name) as contact_name, c.created_at, said.wrote_at,
       coalesce(said.n, 0) > 0 as has_messages
  from contacts c
  left join lateral (
    select max(coalesce(m.sent_at, m.created_at)) filter (where m.direction = 'inbound') as wrote_at, count(*) as n
      from conversations v join messages m on m.organization_id = v.organization_id and m.conversation_id = v.id
     where v.organization_id = c.organization_id and v.contact_id = c.id
  ) said on true
 where (c.organization_id, c.id) in (select * from unnest($1::uuid[], $2::uuid[])) and c.merged_into is null`;

const keysOf = (facts: readonly FollowedFact[]) => [
  facts.map(({ organization }) => organization),
  facts.map(({ subject }) => subject),
];

@Injectable()
export class MessagesToldRepository {
  /** Those that are still there. */
  async messages(run: Run, facts: readonly FollowedFact[]): Promise<MessageTold[]> {
    return facts.length > 0 ? run<MessageTold>(MESSAGES, [...keysOf(facts), [...CHANGES]]) : [];
  }

  /** Those that are still there, and shown. */
  async contacts(run: Run, facts: readonly FollowedFact[]): Promise<ContactTold[]> {
    return facts.length > 0 ? run<ContactTold>(CONTACTS, keysOf(facts)) : [];
  }

  /** By what people opt out and in, by organization. */
  async words(run: Run, organizations: readonly string[]): Promise<(organization: string) => OptOutWords> {
    const rows = await run<{ organization: string; stop: unknown; start: unknown }>(
      'select organization_id::text as organization, stop, start from opt_out_words where organization_id = any ($1::uuid[])',
      [organizations],
    );
    const own = new Map(rows.map((row) => [row.organization, toWords(row)]));
    return (organization) => own.get(organization) ?? toWords(null);
  }
}
