import type { MessageId } from '../../kernel/ids.ts';
import { IS_FRESH } from '../contacts/number-checks.ts';
import type { MessageTarget, OutgoingFile, Peer } from '../sessions/session-traffic.ts';
import type { MessageContent } from './message-content.dto.ts';
import type { MessageDirection, MessageType, QuotedMessage } from './messages.dto.ts';

/** The file of a message, as its row has it. */
export type ClaimedFile = Omit<OutgoingFile, 'open'> &
  Readonly<{
    storageKey: string;
    /** The same as WhatsApp wants it of a voice message, where it is not so itself. */
    voice: Readonly<{ storageKey: string; sizeBytes: number }> | null;
    /** It is still looked at. */
    inPreparation: boolean;
    removed: boolean;
  }>;

/** One message that this node has claimed. */
export type Claim = Readonly<{
  messageId: MessageId;
  /** With the address that it goes to, whatever is merged. */
  conversationId: string;
  whatsappMessageId: string;
  phone: string | null;
  lid: string | null;
  /** The group that it goes into; null: to a person. */
  groupJid: string | null;
  /** The number as WhatsApp has it; null: it is not there; undefined: it was not asked lately. */
  canonical: string | null | undefined;
  type: MessageType;
  text: string | null;
  content: MessageContent | null;
  /** With what it quotes as that was sent, while we have it. */
  replyTo: (QuotedMessage & { payload: Uint8Array | null }) | null;
  target: MessageTarget | null;
  /** Absent until the first try. */
  payload: Uint8Array | null;
  expired: boolean;
  /** It is told by a machine, and its person wants no such thing. */
  optedOut: boolean;
  /** It may have gone already. */
  inDoubt: boolean;
  /** Nothing of its chat has arrived yet: WhatsApp may refuse it. */
  newChat: boolean;
  /** It was counted as the beginning of its chat. */
  begins: boolean;
  attempts: number;
  media: ClaimedFile | null;
}>;

/** Holds the lease; `$1` organization, `$2` session, `$3` epoch. */
export const LEASE =
  'lease as (select 1 from private.session_leases where session_id = $2 and epoch = $3 for key share)';

/** Of a chat as `private.outbox.new_chat` has it. */
const ESTABLISHED = 0;
const BEGUN = 1;
const TO_BE_BEGUN = 2;

/** So many of its oldest messages say whether a chat is begun: more are not looked at. */
const OLDEST = 20;

/**
 * What a message is in its chat, as SQL. The conversation's row has to be locked where it counts.
 * @param established, conversation as SQL
 */
export const newChatOf = (
  established: string,
  conversation: string,
): string => `case when ${established} then ${ESTABLISHED}
    when exists (select from (select sent_at, status from messages where conversation_id = ${conversation} and direction = 'outbound'
                               order by id limit ${OLDEST}) oldest where sent_at is not null or status = 'sending') then ${BEGUN}
    else ${TO_BE_BEGUN} end`;

/** Nothing of a chat overtakes what was said before: what may have gone, is tried again, waits for the day, or begins the chat. */
const AFTER_TRIES = `not exists (select from private.outbox e where e.organization_id = $1 and e.conversation_id = o.conversation_id
                          and e.attempts > 0 and e.send_after > '-infinity' and e.send_after < 'infinity' and e.sequence < o.sequence)`;
const IN_ORDER = `${AFTER_TRIES}
       and not exists (select from doubtful d where d.conversation_id = o.conversation_id and d.sequence < o.sequence)
       and not exists (select from private.outbox e where e.organization_id = $1 and e.conversation_id = o.conversation_id
                          and (e.new_chat > 0 or e.asleep) and e.sequence < o.sequence
                          and (e.asleep or e.new_chat > o.new_chat and e.send_after = '-infinity' and e.claimed_epoch is null))`;

const NOT_SUSPENDED = 'not exists (select from private.organization_suspensions where organization_id = $1)';

/** The first of one kind of chat. Each kind is read in its own order, so that none waits behind another. */
const stream = (kind: number, when: string, limit = '$4') => `kind_${kind} as (
    select o.message_id, o.conversation_id, o.new_chat, o.priority, o.sequence, false as in_doubt from private.outbox o, lease
     where o.organization_id = $1 and o.session_id = $2 and o.new_chat = ${kind} and o.send_after = '-infinity'
       and o.claimed_epoch is null and ${when} and ${NOT_SUSPENDED} and ${IN_ORDER}
     order by o.priority, o.sequence limit ${limit} for update of o
  )`;

/** `$5` chats that may begin in a day, null: any number. The day's row is locked, so that two claims do not count alike. */
const DUE = `doubtful as materialized (
    select conversation_id, min(sequence) as sequence from private.outbox
     where organization_id = $1 and session_id = $2 and claimed_epoch is not null and claimed_epoch <> $3 group by 1
  ), today as (
    select d.new_chats from lease, session_days d join organizations z on z.id = d.organization_id
     where d.organization_id = $1 and d.session_id = $2 and d.day = (now() at time zone z.time_zone)::date for update of d
  ), gate as (
    select coalesce(reach_out_until > now(), false) as locked,
           coalesce(new_chat_quota_used >= new_chat_quota and new_chat_quota_ends_at > now(), false) as spent
      from sessions where organization_id = $1 and id = $2
  ), ${stream(ESTABLISHED, 'true')}, ${stream(BEGUN, '(select not locked from gate)')},
  ${stream(
    TO_BE_BEGUN,
    '(select not (locked or spent) from gate)',
    'least($4::int, case when $5::int is null then $4::int else greatest(0, $5::int - coalesce((select new_chats from today), 0)) end)',
  )}, next as (
    select * from kind_${ESTABLISHED} union all select * from kind_${BEGUN} union all select * from kind_${TO_BE_BEGUN}
     order by priority, sequence limit $4
  ), begun as (
    insert into session_days (organization_id, session_id, day, new_chats)
    select $1, $2, (now() at time zone z.time_zone)::date, n from organizations z,
           (select count(distinct conversation_id)::int as n from next where new_chat = ${TO_BE_BEGUN}) counted
     where z.id = $1 and n > 0
    on conflict (organization_id, session_id, day) do update set new_chats = session_days.new_chats + excluded.new_chats
  )`;

/**
 * What an earlier connection claimed. It may have gone: it is claimed again whatever holds new chats back. What was said before
 * and is known not to have gone leaves before it, for it was claimed together with it.
 */
const IN_DOUBT = `next as (
    select o.message_id, o.conversation_id, o.new_chat, o.priority, o.sequence, true as in_doubt from private.outbox o, lease
     where o.organization_id = $1 and o.session_id = $2 and o.send_after = '-infinity'
       and o.claimed_epoch is not null and o.claimed_epoch <> $3 and $5::int is null and ${NOT_SUSPENDED}
       and not exists (select from private.outbox e where e.organization_id = $1 and e.conversation_id = o.conversation_id
                          and e.attempts > 0 and e.claimed_epoch is null and e.send_after < 'infinity' and e.sequence < o.sequence)
     order by o.priority, o.sequence limit $4 for update of o
  )`;

/** `$6` sends whose times are kept for whoever goes on with the number; 0: none. */
const claimOf = (next: string) => `with ${LEASE}, ${next}, claimed as (
    update private.outbox o set claimed_epoch = $3, claimed_at = now(), new_chat = least(o.new_chat, ${BEGUN}) from next
     where o.organization_id = $1 and o.message_id = next.message_id
    returning o.message_id, o.conversation_id, o.priority, o.sequence, o.attempts, next.new_chat, next.in_doubt
  ), moved as (
    update messages m set status = 'sending',
           recipients = (select greatest(0, g.size - 1) from conversations v join groups g on g.organization_id = $1 and g.id = v.group_id
                          where v.organization_id = $1 and v.id = m.conversation_id)
      from claimed where m.organization_id = $1 and m.id = claimed.message_id and m.status = 'queued'
  ), paced as (
    update private.session_leases l set sent_at =
           (array_append(l.sent_at, now()::timestamptz(3)))[greatest(1, coalesce(cardinality(l.sent_at), 0) + 2 - $6::int):]
     where $6::int > 0 and l.session_id = $2 and l.epoch = $3 and exists (select from claimed)
  )
  select m.id, claimed.conversation_id, m.whatsapp_message_id, m.type, m.text, m.payload, m.expires_at < now() as expired, claimed.in_doubt, claimed.attempts,
         claimed.new_chat > ${ESTABLISHED} as new_chat, claimed.new_chat = ${TO_BE_BEGUN} as begins,
         c.phone_number, c.lid, g.jid as group_jid, k.canonical, coalesce(${IS_FRESH}, false) as is_checked,
         d.storage_key, d.mime_type, d.file_name, d.size_bytes, d.width, d.height, d.duration_seconds,
         d.waveform, d.thumbnail, d.voice_storage_key, d.voice_size_bytes, d.preparation, d.removed_at,
         m.trigger = any ('{automation,broadcast,bulk}') and exists (select from contacts r
           where r.organization_id = $1 and r.id = coalesce(c.merged_into, c.id) and r.opted_out_at is not null) as opted_out,
         m.content, m.reply_to, m.target_whatsapp_message_id, m.target_direction,
         (select q.payload from messages q
           where q.organization_id = $1 and q.session_id = m.session_id and q.whatsapp_message_id = m.reply_to ->> 'whatsapp_message_id'
             and q.direction = m.reply_to ->> 'direction' and q.conversation_id = m.conversation_id) as quoted,
         (select json_build_object('phone', p.phone_number, 'lid', p.lid) from messages t join group_participants p on p.organization_id = $1 and p.id = t.participant_id
           where t.organization_id = $1 and t.session_id = m.session_id and t.whatsapp_message_id = m.target_whatsapp_message_id
             and t.direction = m.target_direction and t.conversation_id = m.conversation_id) as target_sender
    from claimed
    join messages m on m.organization_id = $1 and m.id = claimed.message_id
    join conversations v on v.organization_id = $1 and v.id = coalesce(claimed.conversation_id, m.conversation_id)
    left join contacts c on c.organization_id = $1 and c.id = v.contact_id
    left join groups g on g.organization_id = $1 and g.id = v.group_id
    left join private.number_checks k on k.organization_id = $1 and k.phone_number = c.phone_number
    left join media d on d.organization_id = $1 and d.id = m.media_id
   order by claimed.priority, claimed.sequence`;

/**
 * Whoever is accepting something in a chat holds its row. Waiting for it means that all he wrote is seen by the next statement,
 * and whoever comes later sees that the chat is begun.
 */
export const AWAIT_ACCEPTING = `select from conversations where organization_id = $1 and id = any ($2)
   order by merged_into is null, id for update`;

/** What is said in chats that are begun now waits for no budget. Rows are locked in the order in which they are claimed. */
export const LET_FOLLOW = `with ${LEASE}, rest_of_chat as (
    select o.message_id from private.outbox o, lease
     where o.organization_id = $1 and o.new_chat = ${TO_BE_BEGUN} and o.conversation_id = any ($4)
     order by o.send_after, o.priority, o.sequence for update of o
  )
  update private.outbox o set new_chat = ${BEGUN} from rest_of_chat r
   where o.organization_id = $1 and o.message_id = r.message_id`;

export const CLAIM = { 'in doubt': claimOf(IN_DOUBT), due: claimOf(DUE) };

/** Chats that were counted and are not begun after all: those of `back` (conversation_id, begins). */
export const NOT_BEGUN = `not_begun as (
    update session_days d set new_chats = greatest(0, d.new_chats - n)
      from organizations z, (select count(distinct conversation_id)::int as n from back where begins) counted
     where z.id = $1 and n > 0 and d.organization_id = $1 and d.session_id = $2 and d.day = (now() at time zone z.time_zone)::date
  )`;

/** So that a day that is new is there to be locked. */
export const NEW_DAY = `insert into session_days (organization_id, session_id, day)
  select l.organization_id, l.session_id, (now() at time zone z.time_zone)::date
    from private.session_leases l join organizations z on z.id = l.organization_id
   where l.organization_id = $1 and l.session_id = $2 and l.epoch = $3
  on conflict do nothing`;

export type ClaimRow = {
  id: MessageId;
  conversation_id: string;
  whatsapp_message_id: string;
  type: MessageType;
  text: string | null;
  content: MessageContent | null;
  reply_to: QuotedMessage | null;
  quoted: Buffer | null;
  target_whatsapp_message_id: string | null;
  target_direction: MessageDirection | null;
  target_sender: Peer | null;
  payload: Buffer | null;
  expired: boolean | null;
  opted_out: boolean;
  in_doubt: boolean;
  new_chat: boolean;
  begins: boolean;
  attempts: number;
  phone_number: string | null;
  lid: string | null;
  group_jid: string | null;
  canonical: string | null;
  is_checked: boolean;
  storage_key: string | null;
  mime_type: string | null;
  file_name: string | null;
  size_bytes: string | null;
  width: number | null;
  height: number | null;
  duration_seconds: number | null;
  waveform: Buffer | null;
  thumbnail: Buffer | null;
  voice_storage_key: string | null;
  voice_size_bytes: string | null;
  preparation: string | null;
  removed_at: Date | null;
};

export const toClaim = (row: ClaimRow): Claim => ({
  messageId: row.id,
  conversationId: row.conversation_id,
  whatsappMessageId: row.whatsapp_message_id,
  phone: row.phone_number,
  lid: row.lid,
  groupJid: row.group_jid,
  canonical: row.is_checked ? row.canonical : undefined,
  type: row.type,
  text: row.text,
  content: row.content,
  replyTo: row.reply_to && { ...row.reply_to, payload: row.quoted },
  target:
    row.target_whatsapp_message_id !== null && row.target_direction
      ? {
          whatsappMessageId: row.target_whatsapp_message_id,
          direction: row.target_direction,
          sender: row.target_sender,
        }
      : null,
  payload: row.payload,
  expired: row.expired ?? false,
  optedOut: row.opted_out,
  inDoubt: row.in_doubt,
  newChat: row.new_chat,
  begins: row.begins,
  attempts: row.attempts,
  media: fileOf(row),
});

function fileOf(row: ClaimRow): ClaimedFile | null {
  if (!row.storage_key || !row.mime_type) return null;
  return {
    storageKey: row.storage_key,
    mimeType: row.mime_type,
    fileName: row.file_name,
    sizeBytes: Number(row.size_bytes),
    width: row.width,
    height: row.height,
    durationSeconds: row.duration_seconds,
    waveform: row.waveform,
    thumbnail: row.thumbnail,
    voice: row.voice_storage_key
      ? { storageKey: row.voice_storage_key, sizeBytes: Number(row.voice_size_bytes) }
      : null,
    inPreparation: row.preparation === 'pending',
    removed: row.removed_at !== null,
  };
}
