import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Channel, NotificationTrigger } from './notifications.dto.ts';
import type { Trouble, Verdict } from './notifications.rules.ts';

/** A notification that this node has taken, and for the how manieth time it was. */
export type ClaimedNotification = Readonly<{ organization: OrganizationId; id: string; attempts: number }>;

/** What is to be told. */
export type DueNotification = Readonly<{
  channel: Channel;
  recipient: string;
  session_id: string | null;
  template_id: string;
  subject: string | null;
  variables: Readonly<Record<string, string>>;
  trigger: NotificationTrigger;
  related_type: string | null;
  related_id: string | null;
  priority: number;
  /** Its automation is there and switched on; of a test always. */
  wanted: boolean;
  /** Its person wants to be told nothing by machines. */
  opted_out: boolean;
  /** It was planned for a day that nobody has any more. */
  day_changed: boolean;
}>;

/** So long a node has for what it took; then it is taken again. */
const CLAIM_MS = 60_000;

/** Of organizations that are stopped or about to end nothing is taken. */
const CLAIM = `with due as (
    select n.organization_id, n.id from notifications n
     where n.due_at <= $1
       and not exists (select from private.organization_suspensions s where s.organization_id = n.organization_id)
       and not exists (select from private.organization_deletions d where d.organization_id = n.organization_id and d.completed_at is null)
     order by n.priority, n.due_at limit $2 for update of n skip locked
  )
  update notifications n set state = 'processing', attempts = n.attempts + 1, due_at = $1::timestamptz + interval '${CLAIM_MS} ms'
    from due where n.organization_id = due.organization_id and n.id = due.id
  returning n.organization_id as organization, n.id, n.attempts::int as attempts`;

const HOLD = `select channel, recipient, session_id, template_id, subject, variables, trigger, related_type, related_id, priority,
         trigger = 'test' or exists (select from automations a where a.id = n.automation_id and a.enabled) as wanted,
         channel = 'whatsapp' and exists (select from contacts c join contacts r on r.id = coalesce(c.merged_into, c.id)
           where c.phone_number = coalesce((select canonical from private.number_checks k where k.phone_number = n.recipient), n.recipient)
             and r.opted_out_at is not null) as opted_out,
         n.contact_day_id is not null and not exists (select from contact_days d join contacts c on c.id = d.contact_id
           where d.id = n.contact_day_id and c.merged_into is null) as day_changed
    from notifications n where id = $1 and state = 'processing' and attempts = $2 for update of n`;

/** Notifications as the nodes work on them: whoever took one holds it by the number of its try. */
@Injectable()
export class NotificationsQueue {
  constructor(private readonly system: SystemDb) {}

  /** Takes what is due, so that no other node does for a while; the most urgent first. */
  async claim(now: Date, limit: number): Promise<ClaimedNotification[]> {
    const { rows } = await this.system.query<ClaimedNotification>({
      name: 'notifications.claim',
      text: CLAIM,
      values: [now, limit],
    });
    return rows;
  }

  /** Locked until the transaction ends; null when another node has it by now. */
  async hold(sql: TenantSql, { id, attempts }: ClaimedNotification): Promise<DueNotification | null> {
    const { rows } = await sql.query<DueNotification>({
      name: 'notifications.hold',
      text: HOLD,
      values: [id, attempts],
    });
    return rows[0] ?? null;
  }

  /** Sent within the 24 hours before `now`. */
  async mailsOfDay(sql: TenantSql, now: Date): Promise<number> {
    const { rows } = await sql.query<{ n: number }>(
      `select count(*)::int as n from notifications where channel = 'email' and state = 'completed' and settled_at > $1::timestamptz - interval '1 day'`,
      [now],
    );
    return rows[0]?.n ?? 0;
  }

  /** In the transaction that held it; of its values those stay that were written. @param message null of a mail */
  async complete(
    sql: TenantSql,
    id: string,
    { message, variables }: { message: string | null; variables: Readonly<Record<string, string>> },
    at: Date,
  ): Promise<void> {
    await sql.query({
      name: 'notifications.complete',
      text: `update notifications set state = 'completed', message_id = $2, due_at = null, settled_at = $3, error_code = null, error_detail = null,
                    variables = $4 where id = $1`,
      values: [id, message, at, JSON.stringify(variables)],
    });
  }

  /** In the transaction that held it: it is told no more, and why. */
  async drop(sql: TenantSql, id: string, { code, detail }: Trouble, at: Date): Promise<void> {
    await sql.query(
      `update notifications set state = 'cancelled', due_at = null, settled_at = $4, error_code = $2, error_detail = $3 where id = $1`,
      [id, code, detail, at],
    );
  }

  /** It could not be told: tried again, or given up. */
  async failed({ organization, id, attempts }: ClaimedNotification, verdict: Verdict, now: Date): Promise<void> {
    const { code, detail, againInMs } = verdict;
    const dueAt = againInMs === null ? null : new Date(now.getTime() + againInMs);
    await this.system.query(
      `update notifications set state = case when $4::timestamptz is null then 'failed' else 'pending' end, due_at = $4,
              settled_at = case when $4::timestamptz is null then $5::timestamptz end, error_code = $6, error_detail = $7
        where organization_id = $1 and id = $2 and state = 'processing' and attempts = $3`,
      [organization, id, attempts, dueAt, now, code, detail],
    );
  }
}
