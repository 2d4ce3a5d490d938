import { Injectable } from '@nestjs/common';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import type { Place } from '../contacts/conversation-places.ts';
import { type GroupPlace, groupPlaces } from '../groups/group-chats.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import type { IncomingMessage, Lease } from '../sessions/session-traffic.ts';
import { applyInbound } from './inbound-changes.ts';
import { isChange } from './messages.dto.ts';
import { messageCreated } from './messages.events.ts';
import { applyParkedGroupReceipts } from './group-receipts.repository.ts';
import { applyReceipts } from './receipts.repository.ts';

type Stored = {
  id: string;
  conversation_id: string;
  /** Where it would lie if nobody were merged; null: there. */
  origin_conversation_id: string | null;
  direction: 'inbound' | 'outbound';
  type: string;
  whatsapp_message_id: string;
  is_history: boolean;
};

const INSERT_MESSAGES = `with given as (
    select * from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[], $10::timestamptz[], $11::boolean[], $12::boolean[],
                                $13::jsonb[], $14::jsonb[], $15::text[], $16::text[], $17::uuid[], $18::uuid[], $19::int[])
      with ordinality as g (id, conversation_id, direction, type, text, payload, whatsapp_message_id, sent_at, has_file, is_history,
                            content, reply_to, target_id, target_direction, origin_conversation_id, participant_id, recipients, n)
  ), stored as (
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, payload, status, whatsapp_message_id, sent_at, media_state,
                          content, reply_to, target_whatsapp_message_id, target_direction, origin_conversation_id, participant_id, recipients)
    select $1, id, $2, conversation_id, direction, type, text, payload, case direction when 'inbound' then 'received' else 'sent' end,
           whatsapp_message_id, sent_at, case when has_file then 'pending' else 'none' end, content, reply_to, target_id, target_direction,
           origin_conversation_id, participant_id, recipients
      from given order by n
    on conflict (organization_id, session_id, whatsapp_message_id, direction, conversation_id) do nothing
    returning id, conversation_id, origin_conversation_id, direction, type, whatsapp_message_id
  )
  select stored.*, given.is_history from stored join given using (id) order by given.n`;

/**
 * Newest message and unread count of each conversation that got something; one that is not shown counts its own alone. Also
 * what the phone wrote establishes the chat with the address that it is of.
 */
const TOUCH_CONVERSATIONS = `update conversations v
     set unread_count = v.unread_count + t.unread, last_message_id = greatest(t.last_id, v.last_message_id),
         last_message_at = case when t.last_id is null then v.last_message_at else greatest(v.last_message_at, now()) end,
         established = v.established or t.is_home
    from unnest($1::uuid[], $2::int[], $3::uuid[], $4::boolean[]) as t (id, unread, last_id, is_home) where v.id = t.id`;

/** Marks deliveries, and counts those of people on the days on which they came: each once, for it is marked once. */
const SETTLE = `with settled as (
    update private.session_inbox set stored_at = now() where session_id = $2 and id = any ($3) and stored_at is null
    returning id, received_at
  )
  insert into session_days (organization_id, session_id, day, received, stored)
  select $1, $2, (received_at at time zone time_zone)::date, count(*), count(*) filter (where kept)
    from settled join unnest($4::text[], $5::boolean[]) as inbound (id, kept) using (id) cross join organizations
   group by 3 order by 3
  on conflict (organization_id, session_id, day)
  do update set received = session_days.received + excluded.received, stored = session_days.stored + excluded.stored`;

/** How long a receipt waits for its message. */
const PARKED_MINUTES = 10;

/** Stores what WhatsApp delivered: a constant number of statements however many messages there are, all or nothing. */
@Injectable()
export class InboundRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly contacts: ContactsRepository,
    private readonly facts: Facts,
  ) {}

  /** Each message once. @throws StaleLease */
  storeMessages(lease: Lease, batch: readonly IncomingMessage[]): Promise<void> {
    return this.settling(lease, async (sql) => {
      const places = await this.placesOf(sql, lease, batch);
      const ids = batch.map(() => newId());
      const stored = await insertMessages(sql, lease, batch, { ids, places });
      const shown = stored.filter(({ type }) => !isChange(type));
      await touchConversations(sql, shown);
      await this.facts.addSql(sql, ...shown.map((one) => factOf(lease.organization, lease.session, one)));
      await applyInbound(sql, lease, stored);
      await applyParked(sql, lease, stored);
      const kept = new Set(stored.map(({ id }) => id));
      const settled = batch.map((message, n) => ({ ...message, kept: kept.has(ids[n] ?? '') }));
      await settle(sql, lease, settled);
    });
  }

  /** In their order; groups are locked before people, as everywhere. */
  private async placesOf(sql: TenantSql, lease: Lease, batch: readonly IncomingMessage[]): Promise<MessagePlace[]> {
    const inGroups = batch.flatMap((one) => (one.groupJid === null ? [] : [{ ...one, groupJid: one.groupJid }]));
    const ofTwo = batch.filter(({ groupJid }) => groupJid === null);
    const groups = inGroups.length > 0 ? await groupPlaces(sql, lease.session, inGroups) : [];
    const people = ofTwo.length > 0 ? await this.contacts.conversationsOf(sql, lease, ofTwo) : [];
    const [group, person] = [groups.values(), people.values()];
    return batch.map(({ groupJid, fromMe }) =>
      groupJid === null ? betweenTwo(person.next().value) : ofGroup(group.next().value, fromMe),
    );
  }

  /** WhatsApp said that a number and a privacy address are one person. @throws StaleLease */
  identify(lease: Lease, pairs: readonly { phone: string; lid: string }[]): Promise<void> {
    return this.settling(lease, (sql) =>
      this.contacts.identify(sql, pairs, { source: 'mapping', session: lease.session }),
    );
  }

  private settling(lease: Lease, work: (sql: TenantSql) => Promise<void>): Promise<void> {
    const fence = (sql: TenantSql) => holdLease(sql, lease);
    return settlingPeople(
      this.db,
      lease.organization,
      async (sql) => {
        await fence(sql);
        await work(sql);
      },
      fence,
    );
  }
}

/** Where a message lies, and in a group who wrote it, or how many it goes to. */
type MessagePlace = Place & Readonly<{ participant: string | null; recipients: number | null }>;

function betweenTwo(place: Place | undefined): MessagePlace {
  if (!place) throw new Error('a message has no place');
  return { ...place, participant: null, recipients: null };
}

function ofGroup(place: GroupPlace | undefined, fromMe: boolean): MessagePlace {
  if (!place) throw new Error('a message has no place');
  const { conversation, participant, others } = place;
  const whose = fromMe ? { participant: null, recipients: others } : { participant, recipients: null };
  return { home: conversation, shown: conversation, ...whose };
}

async function insertMessages(
  sql: TenantSql,
  lease: Lease,
  batch: readonly IncomingMessage[],
  { ids, places }: { ids: readonly string[]; places: readonly MessagePlace[] },
): Promise<Stored[]> {
  const { rows } = await sql.query<Stored>({
    name: 'inbound.insert',
    text: INSERT_MESSAGES,
    values: [
      lease.organization,
      lease.session,
      ids,
      places.map(({ shown }) => shown),
      batch.map((m) => (m.fromMe ? 'outbound' : 'inbound')),
      batch.map((m) => m.type),
      batch.map((m) => m.text),
      batch.map((m) => Buffer.from(m.payload)),
      batch.map((m) => m.whatsappMessageId),
      batch.map((m) => m.sentAt),
      batch.map((m) => m.hasFile),
      batch.map((m) => m.isHistory),
      batch.map((m) => m.content && JSON.stringify(m.content)),
      batch.map((m) => m.replyTo && JSON.stringify(m.replyTo)),
      batch.map((m) => m.target?.whatsappMessageId ?? null),
      batch.map((m) => m.target?.direction ?? null),
      places.map(({ home, shown }) => (home === shown ? null : home)),
      places.map(({ participant }) => participant),
      places.map(({ recipients }) => recipients),
    ],
  });
  return rows;
}

async function touchConversations(sql: TenantSql, stored: readonly Stored[]): Promise<void> {
  if (stored.length === 0) return;
  const touched = new Map<string, { unread: number; last: string | null; isHome: boolean }>();
  const add = (conversation: string, unread: number, last: string | null, isHome: boolean) => {
    const before = touched.get(conversation);
    touched.set(conversation, {
      unread: (before?.unread ?? 0) + unread,
      last: last ?? before?.last ?? null,
      isHome: isHome || before?.isHome === true,
    });
  };
  for (const { id, conversation_id: shown, origin_conversation_id: home, direction, is_history: old } of stored) {
    const unread = direction === 'inbound' && !old ? 1 : 0;
    add(shown, unread, id, home === null);
    if (home !== null) add(home, unread, null, true);
  }
  const values = [...touched].toSorted(([a], [b]) => a.localeCompare(b)); // one order for all, so that no two batches deadlock
  await sql.query({
    name: 'inbound.touch',
    text: TOUCH_CONVERSATIONS,
    values: [
      values.map(([id]) => id),
      values.map(([, t]) => t.unread),
      values.map(([, t]) => t.last),
      values.map(([, t]) => t.isHome),
    ],
  });
}

const factOf = (organization: OrganizationId, session: string, { id, conversation_id, direction }: Stored) =>
  messageCreated(organization, { message_id: id, conversation_id, session_id: session, direction });

/** Receipts can overtake the echo of a message that was written on the phone. */
async function applyParked(sql: TenantSql, lease: Lease, stored: readonly Stored[]): Promise<void> {
  const echoes = stored.filter(({ direction }) => direction === 'outbound').map((one) => one.whatsapp_message_id);
  if (echoes.length === 0) return;
  await applyParkedGroupReceipts(sql, lease, echoes, PARKED_MINUTES);
  const { rows } = await sql.query<{ id: string; status: string; at: Date }>(
    `delete from private.parked_receipts where session_id = $1 and (whatsapp_message_id = any ($2) or created_at < now() - interval '${PARKED_MINUTES} min')
     returning whatsapp_message_id as id, status, at`,
    [lease.session, echoes],
  );
  if (rows.length > 0) await applyReceipts(sql, lease, rows);
}

/**
 * A message's ciphertext may be delivered again for a while, so its row stays. What was told as history has none: it came
 * another day.
 */
async function settle(
  sql: TenantSql,
  lease: Lease,
  batch: readonly (IncomingMessage & { kept: boolean })[],
): Promise<void> {
  const inbound = batch.filter(({ fromMe }) => !fromMe);
  await sql.query({
    name: 'inbound.settle',
    text: SETTLE,
    values: [
      lease.organization,
      lease.session,
      batch.map(({ inboxId }) => inboxId).filter((id) => id !== ''),
      inbound.map(({ inboxId }) => inboxId),
      inbound.map(({ kept }) => kept),
    ],
  });
}
