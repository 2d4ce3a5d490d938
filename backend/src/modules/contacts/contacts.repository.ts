import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { IncomingMessage, Lease, Peer } from '../sessions/session-traffic.ts';

type Known = { n: number; id: string; phone_number: string | null; lid: string | null };

const FIND = `select p.n::int - 1 as n, c.id, c.phone_number, c.lid
    from unnest($1::text[], $2::text[]) with ordinality as p (phone, lid, n)
    join contacts c on c.phone_number = p.phone or c.lid = p.lid`;

/** People are locked in one order, so that no two numbers that hear of the same people deadlock. */
const LEARN = `with l as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as l (id, phone, lid, push_name)
  ), news as (
    select c.id, l.phone, l.lid, l.push_name from contacts c join l using (id)
     where (c.phone_number, c.lid, c.push_name) is distinct from (coalesce(c.phone_number, l.phone), coalesce(l.lid, c.lid), coalesce(l.push_name, c.push_name))
     order by c.id for update of c
  )
  update contacts c
     set phone_number = coalesce(c.phone_number, n.phone), lid = coalesce(n.lid, c.lid), push_name = coalesce(n.push_name, c.push_name), updated_at = now()
    from news n where c.id = n.id`;

const CREATE = `insert into contacts (organization_id, id, phone_number, lid, push_name)
  select private.current_organization(), c.* from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as c
  on conflict do nothing`;

const OPEN_CONVERSATIONS = `insert into conversations (organization_id, id, session_id, contact_id)
  select private.current_organization(), c.id, $1, c.contact_id from unnest($2::uuid[], $3::uuid[]) as c (id, contact_id)
  on conflict (organization_id, session_id, contact_id) do nothing`;

/** People, known by phone number, by WhatsApp's privacy address, or by both. */
@Injectable()
export class ContactsRepository {
  /** The conversation of each message, in the order of the messages; contacts and conversations that are new are made. */
  async conversationsOf(
    sql: TenantSql,
    lease: Lease,
    messages: readonly Pick<IncomingMessage, 'peer' | 'pushName'>[],
  ): Promise<string[]> {
    const contacts = await this.resolve(
      sql,
      messages.map(({ peer, pushName }) => ({ ...peer, pushName })),
    );
    const distinct = [...new Set(contacts)].toSorted();
    await sql.query({
      name: 'conversations.open',
      text: OPEN_CONVERSATIONS,
      values: [lease.session, distinct.map(() => newId()), distinct],
    });
    const { rows } = await sql.query<{ id: string; contact_id: string }>({
      name: 'conversations.of_contacts',
      text: 'select id, contact_id from conversations where session_id = $1 and contact_id = any ($2)',
      values: [lease.session, distinct],
    });
    const byContact = new Map(rows.map((row) => [row.contact_id, row.id]));
    return contacts.map((contact) => byContact.get(contact) ?? '');
  }

  /** WhatsApp told which number and privacy address belong together; who is not known here stays unknown. */
  async identify(sql: TenantSql, pairs: readonly { phone: string; lid: string }[]): Promise<void> {
    const found = await this.find(sql, pairs);
    for (const [n, pair] of pairs.entries()) {
      const known = found.filter((one) => one.n === n);
      if (known.length > 0) await this.merge(sql, known, { ...pair, pushName: null });
    }
  }

  /** The contact of each person, in order. */
  private async resolve(sql: TenantSql, people: readonly (Peer & { pushName: string | null })[]): Promise<string[]> {
    let ids = await this.match(sql, people);
    const unknown = distinctPeople(people.filter((_, n) => ids[n] === undefined)).toSorted(byName);
    if (unknown.length === 0) return ids.map((id) => id ?? '');
    await sql.query({
      name: 'contacts.create',
      text: CREATE,
      values: [
        unknown.map(() => newId()),
        unknown.map((p) => p.phone),
        unknown.map((p) => p.lid),
        unknown.map((p) => p.pushName),
      ],
    });
    // Read again: another transaction may have made one of them at the same time.
    ids = await this.match(sql, people);
    return ids.map((id) => id ?? '');
  }

  private async match(
    sql: TenantSql,
    people: readonly (Peer & { pushName: string | null })[],
  ): Promise<(string | undefined)[]> {
    const found = await this.find(sql, people);
    const ids: (string | undefined)[] = [];
    const news: { id: string; person: Peer & { pushName: string | null } }[] = [];
    for (const [n, person] of people.entries()) {
      const known = found.filter((one) => one.n === n);
      const [only] = known;
      ids[n] = known.length > 1 ? await this.merge(sql, known, person) : only?.id;
      if (only && known.length === 1) news.push({ id: only.id, person });
    }
    const learnt = [...new Map(news.map((one) => [one.id, one])).values()];
    if (learnt.length > 0) {
      await sql.query({
        name: 'contacts.learn',
        text: LEARN,
        values: [
          learnt.map((l) => l.id),
          learnt.map((l) => l.person.phone),
          learnt.map((l) => l.person.lid),
          learnt.map((l) => l.person.pushName),
        ],
      });
    }
    return ids;
  }

  private async find(sql: TenantSql, people: readonly Peer[]): Promise<Known[]> {
    const { rows } = await sql.query<Known>({
      name: 'contacts.find',
      text: FIND,
      values: [people.map((p) => p.phone), people.map((p) => p.lid)],
    });
    return rows;
  }

  /** Two rows turn out to be one person: the one with the number stays, with both conversations as one. */
  private async merge(
    sql: TenantSql,
    known: readonly Known[],
    person: Peer & { pushName: string | null },
  ): Promise<string> {
    const keep = known.find((one) => one.phone_number === person.phone) ?? known[0];
    if (!keep) throw new Error('nobody to merge');
    for (const { id: gone } of known.filter((one) => one.id !== keep.id)) {
      // Where both have a conversation on a session, its messages move; elsewhere the conversation itself does.
      await sql.query(
        `with pairs as (
           select a.id as from_id, b.id as to_id, a.unread_count, a.last_message_id, a.last_message_at, a.established, b.established as known from conversations a
             join conversations b on b.session_id = a.session_id and b.contact_id = $2 where a.contact_id = $1
         ), moved as (update messages m set conversation_id = pairs.to_id from pairs where m.conversation_id = pairs.from_id),
         waiting as (update private.outbox o set conversation_id = pairs.to_id, new_chat = case when known then 0 else o.new_chat end
           from pairs where o.conversation_id = pairs.from_id)
         update conversations v set unread_count = v.unread_count + pairs.unread_count, established = v.established or pairs.established,
                last_message_id = greatest(v.last_message_id, pairs.last_message_id), last_message_at = greatest(v.last_message_at, pairs.last_message_at)
           from pairs where v.id = pairs.to_id`,
        [gone, keep.id],
      );
      await sql.query(
        `delete from conversations a using conversations b where a.contact_id = $1 and b.contact_id = $2 and b.session_id = a.session_id`,
        [gone, keep.id],
      );
      await sql.query('update conversations set contact_id = $2 where contact_id = $1', [gone, keep.id]);
      await sql.query('delete from contacts where id = $1', [gone]);
    }
    await sql.query({
      name: 'contacts.learn',
      text: LEARN,
      values: [[keep.id], [person.phone], [person.lid], [person.pushName]],
    });
    return keep.id;
  }
}

/** One order for all who make people at the same time. */
const byName = (a: Peer, b: Peer): number =>
  (a.phone ?? '').localeCompare(b.phone ?? '') || (a.lid ?? '').localeCompare(b.lid ?? '');

/** The same person named by several messages of a batch, once; what one of them does not say another may. */
function distinctPeople<P extends Peer & { pushName: string | null }>(people: readonly P[]): P[] {
  const distinct: P[] = [];
  for (const person of people) {
    const same = distinct.findIndex(
      (other) =>
        (other.phone !== null && other.phone === person.phone) || (other.lid !== null && other.lid === person.lid),
    );
    const before = distinct[same];
    if (!before) distinct.push(person);
    else
      distinct[same] = {
        ...before,
        phone: before.phone ?? person.phone,
        lid: before.lid ?? person.lid,
        pushName: person.pushName ?? before.pushName,
      };
  }
  return distinct;
}
