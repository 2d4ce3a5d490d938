import { Injectable } from '@nestjs/common';
import type { MessageId, OrganizationId } from '../../kernel/ids.ts';
import { GroupCommit } from '../../platform/database/group-commit.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { Chat, Lease, Peer } from '../sessions/session-traffic.ts';
import type { MessageContent } from './message-content.dto.ts';
import { UNTIMED_LOCK_MS } from '../sessions/new-chats.ts';
import { tellStatuses } from './messages.events.ts';
import {
  AWAIT_ACCEPTING,
  CLAIM,
  type Claim,
  type ClaimRow,
  LEASE,
  LET_FOLLOW,
  NEW_DAY,
  NOT_BEGUN,
  toClaim,
} from './outbox.claims.ts';
import { type SendSettings, SETTINGS, type SettingsRow, toSettings } from './outbox.settings.ts';

/** WhatsApp's server took a message. */
export type Taken = Readonly<{ whatsappMessageId: string; at: Date }>;

/** Sessions whose acknowledgements are written by one statement. */
const SESSIONS_MAX = 200;
/** A number that sends without a pause is acknowledged every few milliseconds; nobody sees the difference. */
const ACKS_GATHER_MS = 20;
/** A claim that an earlier connection or epoch left: the message may have gone. It goes first. */
const IN_DOUBT = -1;
/** The server answers within a second; after this long its answer is lost. */
const ACK_TIMEOUT_SECONDS = 60;

/**
 * What the server took, of many sessions; each row brings its own lease. Rows are locked in one order, as everywhere.
 */
const SENT = `with given as (
    select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::timestamptz[])
      as g (organization_id, session_id, epoch, whatsapp_message_id, at)
  ), lease as (
    select l.organization_id, l.session_id from private.session_leases l
     where (l.session_id, l.epoch) in (select session_id, epoch from given) order by l.session_id for key share
  ), known as (
    select m.organization_id, m.id, m.status as before, given.at from given join lease using (organization_id, session_id)
      join messages m using (organization_id, session_id, whatsapp_message_id)
     where m.direction = 'outbound' order by m.id for update of m
  ), changed as (
    update messages m set sent_at = coalesce(m.sent_at, known.at), error_code = null, failed_at = null,
           status = case when private.status_rank(m.status) < private.status_rank('sent') then 'sent' else m.status end
      from known where m.organization_id = known.organization_id and m.id = known.id
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status, known.before
  ), gone as (
    delete from private.outbox o using changed
     where o.organization_id = changed.organization_id and o.message_id = changed.id
  ), told as (${tellStatuses('changed where status <> before')})
  select session_id from lease`;

/**
 * A try that went wrong, in the very statement that says what follows from it. Its message's row is locked, so each has its number.
 * @param failed rows with `id` of messages of organization `$1`, and `retry_at`, as SQL
 */
const tried = (failed: string, code: string): string => `tried as (
    insert into message_attempts (organization_id, message_id, number, error_code, retry_at)
    select $1, f.id, 1 + (select count(*) from message_attempts a where a.organization_id = $1 and a.message_id = f.id), ${code}, f.retry_at
      from ${failed} f
  )`;

/** What expired was not tried. */
const FAIL = `with ${LEASE}, changed as (
    update messages m set status = 'failed', error_code = $5, failed_at = now() from lease
     where m.organization_id = $1 and m.session_id = $2 and m.whatsapp_message_id = $4 and m.direction = 'outbound'
       and private.status_rank(m.status) < private.status_rank('failed')
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), gone as (
    delete from private.outbox o using changed where o.organization_id = $1 and o.message_id = changed.id
  ), ${tried(`(select id, null::timestamptz as retry_at from changed where $5 <> 'expired')`, '$5')}, told as (${tellStatuses('changed')})
  select from changed`;

/** A chat was refused. Until WhatsApp says more, none begins for a while: each try would make it worse. */
const HOLD_NEW_CHATS = `with ${LEASE}, held as (
    update sessions s set reach_out_until = now() + interval '${UNTIMED_LOCK_MS} ms' from lease
     where s.organization_id = $1 and s.id = $2 and coalesce(s.reach_out_until <= now(), true)
    returning s.organization_id, s.id
  )
  insert into private.facts (organization_id, type, subject, payload)
  select organization_id, 'session.updated', id, jsonb_build_object('session_id', id) from held`;

/** The queue as the owner of a session works on it: single statements that hold the lease, so that a stale owner does nothing. */
@Injectable()
export class OutboxRepository {
  private readonly takings = new GroupCommit(
    (takings: readonly { lease: Lease; acks: readonly Taken[] }[]) => this.takeAll(takings),
    SESSIONS_MAX,
    ACKS_GATHER_MS,
  );

  constructor(private readonly system: SystemDb) {}

  /**
   * The next messages, in the order in which they leave; those in doubt are asked for before those that are due.
   * @param newChatsPerDay null: no limit @param keepSends of so many of the last sends the times are kept
   */
  async claim(
    lease: Lease,
    which: 'in doubt' | 'due',
    {
      limit,
      newChatsPerDay = null,
      keepSends = 0,
    }: { limit: number; newChatsPerDay?: number | null; keepSends?: number },
  ): Promise<Claim[]> {
    const allowed = which === 'due' ? newChatsPerDay : null;
    if (allowed !== null) await this.system.query({ name: 'outbox.new_day', text: NEW_DAY, values: keyOf(lease) });
    const { rows } = await this.system.query<ClaimRow>({
      name: `outbox.claim ${which}`,
      text: CLAIM[which],
      values: [...keyOf(lease), limit, allowed, keepSends],
    });
    const claims = rows.map(toClaim);
    await this.letFollow(lease, claims);
    return claims;
  }

  /**
   * The rest of the chats that these begin. Those in doubt too: whoever claimed them first may have ended before he came to it.
   * In statements of their own, for the first one sees nothing of what is being accepted meanwhile.
   */
  private async letFollow(lease: Lease, claims: readonly Claim[]): Promise<void> {
    const chats = claims.flatMap((claim) =>
      claim.begins || (claim.newChat && claim.inDoubt) ? claim.conversationId : [],
    );
    if (chats.length === 0) return;
    const { organization } = lease;
    await this.system.query({
      name: 'outbox.await_accepting',
      text: AWAIT_ACCEPTING,
      values: [organization, chats],
    });
    await this.system.query({ name: 'outbox.let_follow', text: LET_FOLLOW, values: [...keyOf(lease), chats] });
  }

  /** What people decided about the number and its organization, and WhatsApp about the chats that it may begin. */
  async settings({ organization, session }: Lease): Promise<SendSettings> {
    const { rows } = await this.system.query<SettingsRow>({
      name: 'outbox.settings',
      text: SETTINGS,
      values: [organization, session],
    });
    return toSettings(rows[0]);
  }

  /** How long ago the number's last messages left, whichever node sent them, in ms; the newest last. */
  async lastSends(lease: Lease): Promise<number[]> {
    const { rows } = await this.system.query<{ ago_ms: number }>(
      `select (extract(epoch from clock_timestamp() - at) * 1000)::float8 as ago_ms
         from private.session_leases l cross join unnest(l.sent_at) at
        where l.organization_id = $1 and l.session_id = $2 and l.epoch = $3 order by at`,
      keyOf(lease),
    );
    return rows.map((row) => row.ago_ms);
  }

  /** Puts back what was claimed and has not been sent, as if it had not been claimed. */
  async release(lease: Lease, claims: readonly Claim[]): Promise<void> {
    await this.system.query(
      `with ${LEASE}, back as (
         update private.outbox o set claimed_epoch = case when given.in_doubt then ${IN_DOUBT} end,
                new_chat = case when given.begins then 2 else o.new_chat end
           from lease, unnest($4::uuid[], $5::boolean[], $6::boolean[]) as given (id, in_doubt, begins)
          where o.organization_id = $1 and o.message_id = given.id and o.claimed_epoch = $3
         returning o.message_id, o.conversation_id, given.in_doubt or o.attempts > 0 as tried, given.in_doubt, given.begins
       ), ${NOT_BEGUN}
       update messages m set status = 'queued', payload = case when back.tried then m.payload end from back
        where m.organization_id = $1 and m.id = back.message_id and m.status = 'sending' and not back.in_doubt`,
      [
        ...keyOf(lease),
        claims.map(({ messageId }) => messageId),
        claims.map(({ inDoubt }) => inDoubt),
        claims.map(({ begins }) => begins),
      ],
    );
  }

  /** A new connection: what an earlier one sent and heard no answer to is in doubt. */
  async doubt(lease: Lease): Promise<void> {
    await this.system.query(
      `with ${LEASE} update private.outbox o set claimed_epoch = ${IN_DOUBT} from lease
        where o.organization_id = $1 and o.session_id = $2 and o.claimed_epoch = $3`,
      keyOf(lease),
    );
  }

  /** The encoded contents, before the first try: every later one sends the same. With them, what was found out meanwhile. */
  async prepare(
    lease: Lease,
    messages: readonly { messageId: MessageId; payload: Uint8Array; content: MessageContent | null }[],
  ): Promise<void> {
    await this.system.query({
      name: 'outbox.prepare',
      text: `with ${LEASE} update messages m set payload = p.payload, content = p.content
               from lease, unnest($4::uuid[], $5::bytea[], $6::jsonb[]) as p (id, payload, content)
              where m.organization_id = $1 and m.id = p.id`,
      values: [
        ...keyOf(lease),
        messages.map(({ messageId }) => messageId),
        messages.map(({ payload }) => payload),
        messages.map(({ content }) => content && JSON.stringify(content)),
      ],
    });
  }

  /** The server has these. */
  sent(lease: Lease, acks: readonly Taken[]): Promise<void> {
    return this.takings.submit({ lease, acks });
  }

  private async takeAll(takings: readonly { lease: Lease; acks: readonly Taken[] }[]): Promise<undefined[]> {
    const rows = takings.flatMap(({ lease, acks }) => acks.map((ack) => ({ lease, ...ack })));
    await this.system.query({
      name: 'outbox.sent',
      text: SENT,
      values: [
        rows.map(({ lease }) => lease.organization),
        rows.map(({ lease }) => lease.session),
        rows.map(({ lease }) => lease.epoch),
        rows.map(({ whatsappMessageId }) => whatsappMessageId),
        rows.map(({ at }) => at),
      ],
    });
    return takings.map(() => undefined);
  }

  async fail(lease: Lease, whatsappMessageId: string, code: string): Promise<void> {
    await this.system.query({ name: 'outbox.fail', text: FAIL, values: [...keyOf(lease), whatsappMessageId, code] });
  }

  /** WhatsApp refused a chat that the number began, and has said of no time until which it does. */
  async holdNewChats(lease: Lease): Promise<void> {
    await this.system.query({ name: 'outbox.hold_new_chats', text: HOLD_NEW_CHATS, values: keyOf(lease) });
  }

  /** @returns tries so far, this one included, and how many there may be; undefined when it is no longer queued */
  async countAttempt(lease: Lease, whatsappMessageId: string): Promise<{ attempts: number; max: number } | undefined> {
    const { rows } = await this.system.query<{ attempts: number; max: number }>(
      `with ${LEASE} update private.outbox o set attempts = o.attempts + 1 from messages m, lease
        where m.organization_id = $1 and m.session_id = $2 and m.whatsapp_message_id = $4 and m.direction = 'outbound'
          and o.organization_id = $1 and o.message_id = m.id returning o.attempts, o.max_attempts as max`,
      [...keyOf(lease), whatsappMessageId],
    );
    return rows[0];
  }

  /** Puts a message back whose try failed with `code`, to leave no earlier than in `delayMs`. */
  async postpone(
    lease: Lease,
    whatsappMessageId: string,
    { code, delayMs }: { code: string; delayMs: number },
  ): Promise<void> {
    await this.system.query(
      `with ${LEASE}, back as (
         update messages m set status = 'queued' from lease
          where m.organization_id = $1 and m.session_id = $2 and m.whatsapp_message_id = $4 and m.direction = 'outbound' and m.status = 'sending'
         returning m.id, now() + $5 * interval '1 ms' as retry_at
       ), ${tried('back', '$6')}
       update private.outbox o set claimed_epoch = null, send_after = back.retry_at from back
        where o.organization_id = $1 and o.message_id = back.id`,
      [...keyOf(lease), whatsappMessageId, delayMs, code],
    );
  }

  /** Puts back what has not been sent, until it is day where its person is. */
  async letSleep(lease: Lease, { messageId, begins }: Claim, until: Date): Promise<void> {
    await this.system.query({
      name: 'outbox.let_sleep',
      text: `with ${LEASE}, back as (
         update private.outbox o set claimed_epoch = null, send_after = $5, asleep = true,
                new_chat = case when $6 then 2 else o.new_chat end from lease
          where o.organization_id = $1 and o.session_id = $2 and o.message_id = $4 and o.claimed_epoch = $3
         returning o.message_id, o.conversation_id, $6::boolean as begins
       ), ${NOT_BEGUN}
       update messages m set status = 'queued' from back where m.organization_id = $1 and m.id = back.message_id and m.status = 'sending'`,
      values: [...keyOf(lease), messageId, until, begins],
    });
  }

  /**
   * Puts a message back whose file cannot be read now. Those after it in its chat wait with it, as behind one that is tried
   * again; but it was not tried, so it may be as often as before.
   */
  async awaitFile(lease: Lease, whatsappMessageId: string, delayMs: number): Promise<void> {
    await this.system.query(
      `with ${LEASE}, back as (
         update messages m set status = 'queued' from lease
          where m.organization_id = $1 and m.session_id = $2 and m.whatsapp_message_id = $4 and m.direction = 'outbound' and m.status = 'sending'
         returning m.id
       )
       update private.outbox o set claimed_epoch = null, send_after = now() + $5 * interval '1 ms', attempts = greatest(o.attempts, 1),
              max_attempts = o.max_attempts + case when o.attempts = 0 then 1 else 0 end
         from back where o.organization_id = $1 and o.message_id = back.id`,
      [...keyOf(lease), whatsappMessageId, delayMs],
    );
  }

  /**
   * For all sessions that are open here, in one statement: which of them have something to do that no signal told of, and
   * whether that is in doubt: what has waited too long for the server's answer is from then on.
   */
  async sweep(leases: readonly Lease[]): Promise<Map<string, { inDoubt: boolean }>> {
    const { rows } = await this.system.query<{ session_id: string; in_doubt: boolean }>({
      name: 'outbox.sweep',
      text: `with mine as (select * from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as m (organization_id, session_id, epoch)),
        unanswered as (
          update private.outbox o set claimed_epoch = ${IN_DOUBT} from mine
           where o.organization_id = mine.organization_id and o.session_id = mine.session_id and o.claimed_epoch = mine.epoch
             and o.claimed_at < now() - interval '${ACK_TIMEOUT_SECONDS} s'
          returning o.session_id
        )
        select session_id, false as in_doubt from mine where exists (
            select from private.outbox o where o.organization_id = mine.organization_id and o.session_id = mine.session_id
               and o.new_chat in (0, 1, 2)
               and o.send_after = '-infinity' and o.claimed_epoch is null)
          or exists (select from private.reads r where r.organization_id = mine.organization_id and r.session_id = mine.session_id)
        union all select distinct session_id, true from unanswered
        union all select session_id, true from mine where exists (
            select from private.outbox o where o.organization_id = mine.organization_id and o.session_id = mine.session_id
               and o.claimed_epoch is not null and o.claimed_epoch <> mine.epoch)`,
      values: [leases.map((l) => l.organization), leases.map((l) => l.session), leases.map((l) => l.epoch)],
    });
    const found = new Map<string, { inDoubt: boolean }>();
    for (const { session_id: session, in_doubt: inDoubt } of rows)
      found.set(session, { inDoubt: inDoubt || (found.get(session)?.inDoubt ?? false) });
    return found;
  }

  /** What WhatsApp has to be told was read here, a few at a time. */
  async reads(
    lease: Lease,
    limit: number,
  ): Promise<{ conversationId: string; chat: Chat; sender: Peer | null; ids: string[] }[]> {
    const { rows } = await this.system.query<{
      conversation_id: string;
      chat: Chat;
      sender: Peer | null;
      ids: string[];
    }>(
      `select r.conversation_id, p.id as writer, case when p.id is not null then jsonb_build_object('phone', p.phone_number, 'lid', p.lid) end as sender,
              case when g.id is null then jsonb_build_object('phone', c.phone_number, 'lid', c.lid) else jsonb_build_object('groupJid', g.jid) end as chat,
              array_agg(r.whatsapp_message_id) as ids
         from (select * from private.reads where organization_id = $1 and session_id = $2 limit $3) r
         join conversations v on v.organization_id = $1 and v.id = r.conversation_id
         left join contacts c on c.organization_id = $1 and c.id = v.contact_id
         left join groups g on g.organization_id = $1 and g.id = v.group_id
         left join messages m on g.id is not null and m.organization_id = $1 and m.session_id = $2 and m.whatsapp_message_id = r.whatsapp_message_id
              and m.direction = 'inbound' and m.conversation_id = r.conversation_id
         left join group_participants p on p.organization_id = $1 and p.id = m.participant_id
        group by r.conversation_id, c.organization_id, c.id, g.organization_id, g.id, p.organization_id, p.id`,
      [lease.organization, lease.session, limit],
    );
    return rows.map((row) => ({
      conversationId: row.conversation_id,
      chat: row.chat,
      sender: row.sender,
      ids: row.ids,
    }));
  }

  async toldRead(lease: Lease, conversationId: string, ids: readonly string[]): Promise<void> {
    await this.system.query(
      `delete from private.reads where organization_id = $1 and session_id = $2 and conversation_id = $3 and whatsapp_message_id = any ($4)`,
      [lease.organization, lease.session, conversationId, ids],
    );
  }

  /** What we sent under an id, for a device that could not read it. */
  async payloadOf(organization: OrganizationId, session: string, whatsappMessageId: string): Promise<Buffer | null> {
    const { rows } = await this.system.query<{ payload: Buffer | null }>({
      name: 'outbox.payload_of',
      text: `select payload from messages where organization_id = $1 and session_id = $2 and whatsapp_message_id = $3 and direction = 'outbound' limit 1`,
      values: [organization, session, whatsappMessageId],
    });
    return rows[0]?.payload ?? null;
  }
}

const keyOf = (lease: Lease): [string, string, bigint] => [lease.organization, lease.session, lease.epoch];
