import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { findMessages } from './message-finder.ts';
import type { ReportedMessage, Sender } from './message-report.dto.ts';
import type { Attempt, Retry } from './message-timeline.rules.ts';
import type { MessageFilter } from './messages.dto.ts';

/** One statement, however many there are. */
const ROWS = `select m.id, m.created_at, m.session_id, s.name as session_name, m.conversation_id, c.id as contact_id,
       coalesce(c.name, c.push_name) as contact_name, c.phone_number, g.jid as group_jid, g.subject as group_subject, m.direction, m.type, m.text, m.status, m.error_code,
       m.scheduled_at, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at, m.cancelled_at, m.trigger,
       m.sent_by_user_id, coalesce(nullif(u.name, ''), u.email) as user_name, m.sent_by_key_id, k.name as key_name,
       m.template_id, m.job_id, m.related_type, m.related_id
  from messages m
  join sessions s on s.organization_id = m.organization_id and s.id = m.session_id
  join conversations v on v.organization_id = m.organization_id and v.id = m.conversation_id
  left join contacts c on c.organization_id = v.organization_id and c.id = v.contact_id
  left join groups g on g.organization_id = v.organization_id and g.id = v.group_id
  left join users u on u.id = m.sent_by_user_id
  left join private.api_keys k on k.organization_id = m.organization_id and k.id = m.sent_by_key_id
 where m.id = any ($1::uuid[]) order by m.id desc`;

type Times = 'scheduled_at' | 'sent_at' | 'delivered_at' | 'read_at' | 'played_at' | 'failed_at' | 'cancelled_at';
type SenderRow = {
  sent_by_user_id: (Sender & { type: 'user' })['id'] | null;
  user_name: string | null;
  sent_by_key_id: (Sender & { type: 'key' })['id'] | null;
  key_name: string | null;
};
type Row = Omit<ReportedMessage, Times | 'created_at' | 'session' | 'contact' | 'group' | 'sent_by'> &
  SenderRow &
  Record<Times, Date | null> & {
    created_at: Date;
    session_id: ReportedMessage['session']['id'];
    session_name: string;
    contact_id: NonNullable<ReportedMessage['contact']>['id'] | null;
    contact_name: string | null;
    phone_number: string | null;
    group_jid: string | null;
    group_subject: string | null;
  };

const RETRIES = `select r.retried_at, r.failed_at, r.error_code, r.retried_by_user_id as sent_by_user_id,
       coalesce(nullif(u.name, ''), u.email) as user_name, r.retried_by_key_id as sent_by_key_id, k.name as key_name
  from message_retries r
  left join users u on u.id = r.retried_by_user_id
  left join private.api_keys k on k.organization_id = r.organization_id and k.id = r.retried_by_key_id
 where r.message_id = $1::uuid order by r.number`;

/** So many of each kind. */
const SENDERS_MAX = 500;

/** From one to the next in the index that has messages by their senders: as many steps as there are senders, however many messages. */
const eachOf = (column: string, name: string) => `${name} (id, n) as (
    (select ${column}, 1 from messages where ${column} is not null order by ${column} limit 1)
    union all
    select (select m.${column} from messages m where m.${column} > ${name}.id order by m.${column} limit 1), n + 1
      from ${name} where ${name}.id is not null and n < ${SENDERS_MAX}
  )`;
const SENDERS = `with recursive ${eachOf('sent_by_user_id', 'people')}, ${eachOf('sent_by_key_id', 'keys')}
  select p.id as sent_by_user_id, coalesce(nullif(u.name, ''), u.email) as user_name, null::uuid as sent_by_key_id, null as key_name, 1 as kind
    from people p left join users u on u.id = p.id where p.id is not null
  union all
  select null, null, keys.id, k.name, 2 from keys left join private.api_keys k on k.id = keys.id where keys.id is not null
   order by kind, user_name, key_name`;

type RetryRow = SenderRow & { retried_at: Date; failed_at: Date; error_code: string | null };

@Injectable()
export class MessageReportRepository {
  /** The newest first; fewer than asked for where they are seldom. */
  async page(
    tx: TenantTx,
    organization: OrganizationId,
    filter: MessageFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ rows: ReportedMessage[]; next: string | null }> {
    const { ids, next } = await findMessages(tx, organization, filter, page);
    const rows = ids.length > 0 ? await tx.$queryRawUnsafe<Row[]>(ROWS, ids) : [];
    return { rows: rows.map(toReported), next };
  }

  /** The tries of a message that went wrong, the first one first. */
  attempts(tx: TenantTx, message: string): Promise<Attempt[]> {
    return tx.messageAttempt.findMany({ where: { messageId: message }, orderBy: { number: 'asc' } });
  }

  async senders(tx: TenantTx): Promise<Sender[]> {
    const rows = await tx.$queryRawUnsafe<SenderRow[]>(SENDERS);
    return rows.flatMap((row) => senderOf(row) ?? []);
  }

  /** When it was sent again by hand, and by whom, the first time first. */
  async retries(tx: TenantTx, message: string): Promise<Retry[]> {
    const rows = await tx.$queryRawUnsafe<RetryRow[]>(RETRIES, message);
    return rows.map((row) => ({
      retriedAt: row.retried_at,
      by: senderOf(row),
      failedAt: row.failed_at,
      errorCode: row.error_code,
    }));
  }
}

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

const toReported = (row: Row): ReportedMessage => ({
  id: row.id,
  created_at: row.created_at.toISOString(),
  session: { id: row.session_id, name: row.session_name },
  conversation_id: row.conversation_id,
  contact: row.contact_id && { id: row.contact_id, name: row.contact_name, phone_number: row.phone_number },
  group: row.group_jid === null ? null : { jid: row.group_jid, subject: row.group_subject ?? '' },
  direction: row.direction,
  type: row.type,
  text: row.text,
  status: row.status,
  error_code: row.error_code,
  scheduled_at: time(row.scheduled_at),
  sent_at: time(row.sent_at),
  delivered_at: time(row.delivered_at),
  read_at: time(row.read_at),
  played_at: time(row.played_at),
  failed_at: time(row.failed_at),
  cancelled_at: time(row.cancelled_at),
  trigger: row.trigger,
  sent_by: senderOf(row),
  template_id: row.template_id,
  job_id: row.job_id,
  related_type: row.related_type,
  related_id: row.related_id,
});

function senderOf({ sent_by_user_id: user, user_name, sent_by_key_id: key, key_name }: SenderRow): Sender | null {
  if (user !== null) return { type: 'user', id: user, name: user_name };
  return key === null ? null : { type: 'key', id: key, name: key_name };
}
