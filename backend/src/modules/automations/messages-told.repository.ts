import { Injectable } from '@nestjs/common';
import type { FollowedFact } from '../../platform/facts/fact-cursors.ts';
import { CHANGES } from '../messages/messages.dto.ts';
import type { Run } from './automation-acts.ts';

/** A message that came in, and of whom. */
export type MessageTold = Readonly<{
  id: string;
  session_id: string;
  type: string;
  text: string | null;
  sent_at: Date;
  phone_number: string | null;
  contact_name: string | null;
}>;

const OF = `select m.id::text as id, m.session_id::text as session_id, m.type, m.text, coalesce(m.sent_at, m.created_at) as sent_at,
       c.phone_number, coalesce(c.name, c.push_name) as contact_name
  from messages m
  join conversations v on v.organization_id = m.organization_id and v.id = m.conversation_id
  join contacts c on c.organization_id = v.organization_id and c.id = v.contact_id
 where (m.organization_id, m.id) in (select * from unnest($1::uuid[], $2::uuid[]))
   and m.direction = 'inbound' and m.deleted_at is null and m.type <> all ($3)`;

@Injectable()
export class MessagesToldRepository {
  /** Those that are still there. */
  of(run: Run, facts: readonly FollowedFact[]): Promise<MessageTold[]> {
    return run<MessageTold>(OF, [
      facts.map(({ organization }) => organization),
      facts.map(({ subject }) => subject),
      [...CHANGES],
    ]);
  }
}
