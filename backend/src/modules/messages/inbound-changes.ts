import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { openVote } from '../sessions/poll-votes.ts';
import { isChange } from './messages.dto.ts';

/** A message that was stored just now. */
export type StoredMessage = Readonly<{ id: string; type: string }>;

/** Votes and their polls, of which one is new. A vote is sealed for two persons, each of whom has two addresses. */
const VOTES = `select v.id, v.direction, v.payload, p.payload as poll, p.whatsapp_message_id as poll_id, p.direction as poll_direction,
       p.content -> 'poll' -> 'options' as options, coalesce(vp.phone_number, c.phone_number) as voter_phone, coalesce(vp.lid, c.lid) as voter_lid,
       coalesce(pp.phone_number, c.phone_number) as author_phone, coalesce(pp.lid, c.lid) as author_lid, s.phone_number as self_phone,
       substring(s.whatsapp_lid from '^\\d+') as self_lid
  from messages v
  join messages p on p.session_id = v.session_id and p.whatsapp_message_id = v.target_whatsapp_message_id
       and p.direction = v.target_direction and p.conversation_id = v.conversation_id
  join conversations w on w.id = coalesce(v.origin_conversation_id, v.conversation_id) left join contacts c on c.id = w.contact_id join sessions s on s.id = v.session_id
  left join group_participants vp on vp.id = v.participant_id left join group_participants pp on pp.id = p.participant_id
 where v.session_id = $1 and v.type = 'poll_vote' and v.target_whatsapp_message_id is not null
   and p.type = 'poll' and p.payload is not null and octet_length(v.payload) > 0 and not coalesce(v.content ? 'vote', false)
   and (v.id = any ($2) or p.id = any ($2))`;

/** Of messages that have just come, those of which something was said before. */
const AWAITED = `select private.settle_messages($1, array(
    select distinct m.id from messages m join messages c
      on c.organization_id = m.organization_id and c.session_id = m.session_id
     and c.target_whatsapp_message_id = m.whatsapp_message_id and c.target_direction = m.direction and c.conversation_id = m.conversation_id
     where m.organization_id = $1 and m.session_id = $2 and m.id = any ($3)))`;

type VoteRow = {
  id: string;
  direction: string;
  payload: Buffer;
  poll: Buffer;
  poll_id: string;
  poll_direction: string;
  options: string[];
  voter_phone: string | null;
  voter_lid: string | null;
  author_phone: string | null;
  author_lid: string | null;
  self_phone: string | null;
  self_lid: string | null;
};

/**
 * Does what was stored just now: changes to the messages that they are about, and to new messages what was said of them
 * before they came. Part of the transaction that stores them.
 */
export async function applyInbound(sql: TenantSql, lease: Lease, stored: readonly StoredMessage[]): Promise<void> {
  if (stored.length === 0) return;
  if (stored.some(({ type }) => type === 'poll' || type === 'poll_vote')) await openVotes(sql, lease, stored);
  const changes = stored.filter(({ type }) => isChange(type));
  const messages = stored.filter(({ type }) => !isChange(type));
  if (changes.length > 0)
    await sql.query({
      name: 'inbound.apply_changes',
      text: 'select private.apply_changes($1, $2)',
      values: [lease.organization, changes.map(({ id }) => id)],
    });
  if (messages.length > 0)
    await sql.query({
      name: 'inbound.settle_awaited',
      text: AWAITED,
      values: [lease.organization, lease.session, messages.map(({ id }) => id)],
    });
}

async function openVotes(sql: TenantSql, lease: Lease, stored: readonly StoredMessage[]): Promise<void> {
  const { rows } = await sql.query<VoteRow>({
    name: 'inbound.votes',
    text: VOTES,
    values: [lease.session, stored.map(({ id }) => id)],
  });
  const opened = rows.flatMap((row) => {
    const places = openVote(sealedVoteOf(row));
    return places ? [{ id: row.id, places }] : [];
  });
  if (opened.length === 0) return;
  await sql.query({
    name: 'inbound.opened_votes',
    text: `update messages m set content = jsonb_build_object('vote', o.vote)
             from unnest($1::uuid[], $2::jsonb[]) as o (id, vote) where m.id = o.id`,
    values: [opened.map(({ id }) => id), opened.map(({ places }) => JSON.stringify(places))],
  });
}

const sealedVoteOf = (row: VoteRow) => {
  const self = { phone: row.self_phone, lid: row.self_lid };
  const voter = { phone: row.voter_phone, lid: row.voter_lid };
  const author = { phone: row.author_phone, lid: row.author_lid };
  return {
    vote: row.payload,
    poll: row.poll,
    pollId: row.poll_id,
    pollAuthor: row.poll_direction === 'outbound' ? self : author,
    voter: row.direction === 'outbound' ? self : voter,
    options: row.options,
  };
};
