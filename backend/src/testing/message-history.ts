import type { Client } from 'pg';
import type { OrganizationId } from '../kernel/ids.ts';

/** Of a second so many; ids as they would have come then. */
const HISTORY_ID = `create or replace function private.id_of_history(at timestamptz, n bigint) returns uuid language sql immutable as $$
  select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
    || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`;

/** What messages of a history say; each is said as often as the next one twice. */
export const SAYINGS = [
  'Your invoice {n} is ready',
  'שלום, החשבונית {n} מוכנה!',
  'شُكْرًا، الفاتورة {n} جاهزة',
  'get 50% off, code under_score-{n}',
  'get 500 or 50 of them',
  'underXscore is one word',
  '🎉 {n} 🎉',
  'a.b/c?d=e&f dana@example.com',
] as const;

/**
 * Writes an organization's past straight into its tables: three numbers, twenty people, `messages` messages a minute after the
 * other, of all kinds, states and origins, some seldom. What has not left is in the queue.
 */
export async function aMessageHistory(client: Client, organization: OrganizationId, messages: number): Promise<void> {
  await client.query(HISTORY_ID);
  await client.query('begin');
  await client.query('set local session_replication_role = replica'); // references are right, and checking each takes longer
  const run = (sql: string, ...values: unknown[]) => client.query(sql, [organization, ...values]);
  await run(
    `insert into sessions (organization_id, id, name) select $1, gen_random_uuid(), 'Number ' || n from generate_series(1, 3) n`,
  );
  await run(`insert into contacts (organization_id, id, phone_number, name)
    select $1, gen_random_uuid(), '+97250' || lpad(n::text, 7, '0'), 'Person ' || n from generate_series(1, 20) n`);
  await run(`insert into conversations (organization_id, id, session_id, contact_id)
    select $1, gen_random_uuid(), s.id, c.id from sessions s, contacts c where s.organization_id = $1 and c.organization_id = $1`);
  await run(
    `with chats as (select id, session_id, row_number() over (order by id) - 1 as n from conversations where organization_id = $1),
      known as (select overlay(overlay(md5($1::text || n) placing '7' from 13) placing '8' from 17)::uuid as id, n from generate_series(0, 9) n),
      made as (
        select n, private.id_of_history(at, n) as id, at, n % 3 = 0 as ours, case
            when n % 3 > 0 then 'received' when n % 999 = 3 then 'failed' when n % 1500 = 6 then 'cancelled'
            when n > $2::int - 400 then (array['pending', 'queued', 'sending'])[1 + n / 3 % 3]
            else (array['sent', 'delivered', 'read', 'played'])[1 + n / 3 % 4] end as status
          from generate_series(1, $2::int) n cross join lateral (select now() - ($2::int - n) * interval '1 min' as at) t)
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id,
      created_at, failed_at, error_code, cancelled_at, trigger, sent_by_user_id, sent_by_key_id, template_id, job_id, related_type, related_id)
    select $1, made.id, chats.session_id, chats.id, case when ours then 'outbound' else 'inbound' end,
      case when made.n % 700 = 5 then 'poll' when made.n % 11 = 4 then 'image' when made.n % 13 = 7 then 'reaction' else 'text' end,
      case when made.n % 17 > 0 then replace(($3::text[])[1 + floor(-log(2, (0.999 * ((made.n::bigint * 7919) % 10007) / 10007 + 0.0001)::numeric))::int % 8], '{n}', (made.n % 5000)::text) end,
      made.status, 'H' || made.n, at,
      case when made.status = 'failed' then at end, case when made.status = 'failed' then 'not_on_whatsapp' end,
      case when made.status = 'cancelled' then at end,
      case when ours then (array['dashboard', 'api', 'bulk', 'call_answer'])[1 + made.n / 3 % 4] end,
      case when ours and made.n % 4 = 1 then (select id from known where known.n = made.n % 3) end,
      case when ours and made.n % 4 = 2 then (select id from known where known.n = 3 + made.n % 2) end,
      case when ours and made.n % 90 = 0 then (select id from known where known.n = 5) end,
      case when ours and made.n % 600 < 30 then (select id from known where known.n = 6) end,
      case when ours and made.n % 50 = 0 then 'invoice' end, case when ours and made.n % 50 = 0 then (made.n % 4)::text end
      from made join chats on chats.n = made.n * 31 % 60`,
    messages,
    SAYINGS,
  );
  await run(`insert into private.outbox (organization_id, message_id, session_id, conversation_id)
    select organization_id, id, session_id, conversation_id from messages
     where organization_id = $1 and status in ('pending', 'queued', 'sending')`);
  await client.query('commit');
  await client.query('analyze messages');
}
