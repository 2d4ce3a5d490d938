import { Injectable } from '@nestjs/common';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { SessionRequired } from '../messages/messages.errors.ts';
import { refusedByWhatsApp } from '../sessions/new-chats.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import { quietHoursOf } from '../sessions/sessions.views.ts';
import type { Sender } from './senders.rules.ts';

/** `new_chat` as `outbox.claims.ts` has it; a chat of which several messages wait begins once. */
const SENDERS = `select s.id, s.phone_number is not null as linked, s.quiet_from, s.quiet_to, s.quiet_time_zone, s.max_per_minute, s.new_chats_per_day,
       coalesce(s.linked_at, s.created_at) as linked_at, s.reach_out_until, s.new_chat_quota, s.new_chat_quota_used, s.new_chat_quota_ends_at,
       coalesce(d.new_chats, 0) as begun_today, ((now() at time zone z.time_zone)::date + 1)::timestamp at time zone z.time_zone as tomorrow,
       w.waiting, w.waiting_new
  from sessions s join organizations z on z.id = s.organization_id
  left join session_days d on d.session_id = s.id and d.day = (now() at time zone z.time_zone)::date
  cross join lateral (
    select (count(*) filter (where o.new_chat < 2))::int as waiting, (count(distinct o.conversation_id) filter (where o.new_chat = 2))::int as waiting_new
      from private.outbox o where o.session_id = s.id and o.send_after = '-infinity') w
 where s.deleted_at is null and case when $1::uuid[] is null then s.is_default else s.id = any ($1) end
 order by s.id`;

type Row = {
  id: string;
  linked: boolean;
  quiet_from: string | null;
  quiet_to: string | null;
  quiet_time_zone: string | null;
  max_per_minute: number | null;
  new_chats_per_day: number | null;
  linked_at: Date;
  reach_out_until: Date | null;
  new_chat_quota: number | null;
  new_chat_quota_used: number | null;
  new_chat_quota_ends_at: Date | null;
  begun_today: number;
  tomorrow: Date;
  waiting: number;
  waiting_new: number;
};

/** The numbers that share a broadcast. */
@Injectable()
export class SendersRepository {
  /** @param sessions undefined: the organization's default number @throws SessionRequired | SessionNotFound */
  async of(sql: TenantSql, sessions: readonly string[] | undefined, now: Date): Promise<Sender[]> {
    const { rows } = await sql.query<Row>({
      name: 'broadcasts.senders',
      text: SENDERS,
      values: [sessions ?? null],
    });
    if (!sessions && rows.length === 0) throw new SessionRequired();
    const missing = sessions?.find((session) => !rows.some(({ id }) => id === session));
    if (missing !== undefined) throw new SessionNotFound(missing);
    return rows.map((row) => toSender(row, now));
  }
}

function toSender(row: Row, now: Date): Sender {
  const { new_chat_quota: total, new_chat_quota_used: used, new_chat_quota_ends_at: endsAt } = row;
  const quota = total !== null && used !== null && endsAt !== null ? { total, used, endsAt } : null;
  return {
    session: row.id,
    linked: row.linked,
    quiet: quietHoursOf(row.quiet_from, row.quiet_to, row.quiet_time_zone),
    maxPerMinute: row.max_per_minute,
    newChatsPerDay: row.new_chats_per_day,
    linkedAt: row.linked_at,
    newChatsFrom: refusedByWhatsApp({ reachOutUntil: row.reach_out_until, quota }, now)?.until ?? null,
    begunToday: row.begun_today,
    tomorrow: row.tomorrow,
    waiting: row.waiting,
    waitingNew: row.waiting_new,
  };
}
