import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { IncomingMessage, Lease, Peer } from '../sessions/session-traffic.ts';
import { type EvidenceSource, tellContacts } from './contacts.events.ts';
import { type Place, placesOf } from './conversation-places.ts';
import { byName, type Known, type News, newNames, type Pair, type Person, planOf } from './identity.rules.ts';
import { PeopleMoved, PeopleToMerge } from './people-changed.ts';

/** From where something about a person was learnt. */
export type Evidence = Readonly<{ source: EvidenceSource; session: string | null }>;

/** Numbers as WhatsApp has them, as far as it was asked. */
const CANONICAL = `select coalesce(k.canonical, p.phone) as phone from unnest($1::text[]) with ordinality as p (phone, n)
    left join private.number_checks k on k.phone_number = p.phone order by p.n`;

/** One way after the other: what holds by either of two would be looked for in everybody. */
const FIND = `with p as materialized (select * from unnest($1::text[], $2::text[]) with ordinality as p (phone, lid, n)), found as (
    select p.n, c.id, c.phone_number, c.lid, c.push_name, c.merged_into from p join contacts c on c.phone_number = p.phone
    union select p.n, c.id, c.phone_number, c.lid, c.push_name, c.merged_into from p join contacts c on c.lid = p.lid
  )
  select n::int - 1 as n, id, phone_number, lid, push_name, coalesce(merged_into, id) as root from found`;

/** People are locked in one order, so that no two numbers that hear of the same people deadlock. */
const LEARN = `with l as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as l (id, phone, lid, push_name)
  ), news as (
    select c.id, l.phone, l.lid, l.push_name from contacts c join l using (id)
     where (c.phone_number, c.lid, c.push_name) is distinct from (coalesce(c.phone_number, l.phone), coalesce(c.lid, l.lid), coalesce(l.push_name, c.push_name))
     order by c.id for no key update of c
  ), changed as (
    update contacts c
       set phone_number = coalesce(c.phone_number, n.phone), lid = coalesce(c.lid, n.lid), push_name = coalesce(n.push_name, c.push_name), updated_at = now()
      from news n where c.id = n.id
    returning c.organization_id, c.id, n.phone, n.lid
  ), proven as (
    insert into private.contact_evidence (organization_id, contact_id, phone_number, lid, source, session_id)
    select organization_id, id, phone, lid, $5, $6 from changed where phone is not null or lid is not null
  )
  ${tellContacts('contact.updated', 'changed')}`;

const CREATE = `with made as (
    insert into contacts (organization_id, id, phone_number, lid, push_name)
    select private.current_organization(), c.* from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as c
    on conflict do nothing
    returning organization_id, id, phone_number, lid
  ), proven as (
    insert into private.contact_evidence (organization_id, contact_id, phone_number, lid, source, session_id)
    select organization_id, id, phone_number, lid, $5, $6 from made
  )
  ${tellContacts('contact.created', 'made')}`;

/** Pairs that no person keeps apart: neither the two nor any that are merged with them. */
const MAY_MERGE = `select p.a, p.b from unnest($1::uuid[], $2::uuid[]) as p (a, b)
    join contacts a on a.id = p.a join contacts b on b.id = p.b
   where coalesce(a.merged_into, a.id) <> coalesce(b.merged_into, b.id)
     and not exists (
      select from private.contact_separations s join contacts x on x.id = s.contact_id join contacts y on y.id = s.other_id
       where (coalesce(x.merged_into, x.id), coalesce(y.merged_into, y.id)) in (
         (coalesce(a.merged_into, a.id), coalesce(b.merged_into, b.id)), (coalesce(b.merged_into, b.id), coalesce(a.merged_into, a.id))))`;

/** Looks until everybody is known: who names himself in two ways in one batch takes a second look. */
const LOOKS_MAX = 6;

/** People, known by phone number, by WhatsApp's privacy address, or by both. */
@Injectable()
export class ContactsRepository {
  /**
   * Where each message lies, in their order; contacts and conversations that are new are made. Run it by `settlingPeople`.
   * @throws PeopleToMerge when two contacts turn out to be one person
   * @throws PeopleMoved when somebody merged or parted them meanwhile
   */
  async conversationsOf(
    sql: TenantSql,
    lease: Lease,
    messages: readonly Pick<IncomingMessage, 'peer' | 'pushName'>[],
  ): Promise<Place[]> {
    const people = messages.map(({ peer, pushName }) => ({ ...peer, pushName }));
    return this.placesOfPeople(sql, lease.session, people, { source: 'message', session: lease.session });
  }

  private async placesOfPeople(
    sql: TenantSql,
    session: string,
    people: readonly Person[],
    evidence: Evidence,
  ): Promise<Place[]> {
    const homes = await this.homesOf(sql, people, evidence);
    const places = await placesOf(sql, session, homes);
    return homes.map(({ home }) => {
      const place = places.get(home);
      if (!place) throw new PeopleMoved();
      return place;
    });
  }

  /**
   * Where what is sent to each of these numbers lies, in their order; contacts and conversations that are new are made, in as
   * many statements as for one. Run it by `settlingPeople`.
   * @throws PeopleToMerge | PeopleMoved
   */
  async placesOfNumbers(sql: TenantSql, session: string, numbers: readonly string[]): Promise<Place[]> {
    const people = (await this.canonical(sql, numbers)).map((phone) => ({ phone, lid: null, pushName: null }));
    return this.placesOfPeople(sql, session, people, { source: 'person', session: null });
  }

  /**
   * WhatsApp told which number and privacy address belong together; who is not known here stays unknown.
   * @throws PeopleToMerge
   */
  async identify(
    sql: TenantSql,
    pairs: readonly Readonly<{ phone: string; lid: string }>[],
    evidence: Evidence,
  ): Promise<void> {
    const known = new Set((await this.find(sql, pairs)).map(({ n }) => n));
    const people = pairs.filter((_, n) => known.has(n)).map((pair) => ({ ...pair, pushName: null }));
    if (people.length > 0) await this.homesOf(sql, people, evidence);
  }

  /** The number that WhatsApp has for each, in their order; what it was not asked about as it is. */
  async canonical(sql: TenantSql, numbers: readonly string[]): Promise<string[]> {
    const { rows } = await sql.query<{ phone: string }>({
      name: 'contacts.canonical',
      text: CANONICAL,
      values: [numbers],
    });
    return rows.map(({ phone }) => phone);
  }

  /** Makes a contact of a number unless there is one. @returns its id, and whether it is new */
  async ofNumber(sql: TenantSql, phone: string, evidence: Evidence): Promise<{ id: string; root: string }> {
    const [found] = await this.homesOf(sql, [{ phone, lid: null, pushName: null }], evidence);
    if (!found) throw new PeopleMoved();
    return { id: found.home, root: found.root };
  }

  /** How many of these people are contacts already. */
  async countKnown(sql: TenantSql, people: readonly Peer[]): Promise<number> {
    return new Set((await this.find(sql, people)).map(({ n }) => n)).size;
  }

  /** The contact of each of these people, in their order, made where there is none. Run it by `settlingPeople`. @throws PeopleToMerge */
  ofPeople(sql: TenantSql, people: readonly Peer[], evidence: Evidence): Promise<{ home: string; root: string }[]> {
    return this.homesOf(
      sql,
      people.map(({ phone, lid }) => ({ phone, lid, pushName: null })),
      evidence,
    );
  }

  /**
   * These contacts stay who they are until the transaction ends: nobody merges or parts them.
   * @throws PeopleMoved when somebody did since they were looked up
   */
  async hold(sql: TenantSql, people: readonly Readonly<{ home: string; root: string }>[]): Promise<void> {
    const { rows } = await sql.query<{ id: string; root: string }>({
      name: 'contacts.hold',
      text: 'select id, coalesce(merged_into, id) as root from contacts where id = any ($1) order by id for key share',
      values: [[...new Set(people.flatMap(({ home, root }) => [home, root]))]],
    });
    const roots = new Map(rows.map(({ id, root }) => [id, root]));
    if (people.some(({ home, root }) => roots.get(home) !== root || roots.get(root) !== root)) throw new PeopleMoved();
  }

  /** Those of `pairs` that are to be merged: two contacts still, and nobody keeps them apart. */
  async mayMerge(sql: TenantSql, pairs: readonly Pair[]): Promise<Pair[]> {
    const { rows } = await sql.query<Pair>({
      name: 'contacts.may_merge',
      text: MAY_MERGE,
      values: [pairs.map(({ a }) => a), pairs.map(({ b }) => b)],
    });
    return rows;
  }

  private async homesOf(
    sql: TenantSql,
    people: readonly Person[],
    evidence: Evidence,
  ): Promise<{ home: string; root: string }[]> {
    const { homes, merge } = await this.know(sql, people, evidence);
    if (merge.length > 0)
      throw new PeopleToMerge(async (own) => (await this.know(own, people, evidence)).merge, evidence);
    return homes;
  }

  /** The contact of each person, and who of them is to be merged. */
  private async know(
    sql: TenantSql,
    people: readonly Person[],
    evidence: Evidence,
  ): Promise<{ homes: { home: string; root: string }[]; merge: Pair[] }> {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const found = await this.find(sql, people);
      const { homes, create, learn, pairs } = planOf(people, found);
      const names = looks === 0 ? newNames(people, found) : [];
      await this.learn(sql, withNames(learn, names), evidence);
      const made = await this.create(sql, create, evidence);
      const settled = people.flatMap((person, n) => homes[n] ?? made.get(person) ?? []);
      if (settled.length < people.length) continue;
      return { homes: settled, merge: pairs.length > 0 ? await this.mayMerge(sql, pairs) : [] };
    }
    throw new PeopleMoved();
  }

  private async find(sql: TenantSql, people: readonly Peer[]): Promise<Known[]> {
    const { rows } = await sql.query<Known>({
      name: 'contacts.find',
      text: FIND,
      values: [people.map((p) => p.phone), people.map((p) => p.lid)],
    });
    return rows;
  }

  private async learn(sql: TenantSql, news: readonly News[], { source, session }: Evidence): Promise<void> {
    if (news.length === 0) return;
    await sql.query({
      name: 'contacts.learn',
      text: LEARN,
      values: [
        news.map((one) => one.id),
        news.map((one) => one.phone),
        news.map((one) => one.lid),
        news.map((one) => one.pushName),
        source,
        session,
      ],
    });
  }

  /** @returns who they are; nobody when somebody else made one of them meanwhile, and they have to be looked at again */
  private async create(
    sql: TenantSql,
    people: readonly Person[],
    { source, session }: Evidence,
  ): Promise<Map<Person, { home: string; root: string }>> {
    if (people.length === 0) return new Map();
    const news = people.toSorted(byName);
    const ids = news.map(() => newId());
    const { rowCount } = await sql.query({
      name: 'contacts.create',
      text: CREATE,
      values: [ids, news.map((p) => p.phone), news.map((p) => p.lid), news.map((p) => p.pushName), source, session],
    });
    if (rowCount !== news.length) return new Map();
    return new Map(news.map((person, n) => [person, { home: ids[n] ?? '', root: ids[n] ?? '' }]));
  }
}

/** One row for each contact: what it learns, and how it is called. */
function withNames(learn: readonly News[], names: readonly News[]): News[] {
  const nameOf = new Map(names.map((one) => [one.id, one]));
  const both = learn.map((one) => ({ ...one, pushName: one.pushName ?? nameOf.get(one.id)?.pushName ?? null }));
  const learning = new Set(learn.map(({ id }) => id));
  return [...both, ...names.filter(({ id }) => !learning.has(id))];
}
