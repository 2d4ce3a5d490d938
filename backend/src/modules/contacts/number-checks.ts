import { Injectable } from '@nestjs/common';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import { LOOK_UP_MAX, type Lease, type NumberAnswer, type OpenSession } from '../sessions/session-traffic.ts';
import { ContactsRepository } from './contacts.repository.ts';
import { PeopleToMerge } from './people-changed.ts';
import { settlingPeople } from './settling-people.ts';

/** How long WhatsApp's answer is believed: who is there stays, who is not may come. */
const THERE_DAYS = 30;
const NOT_THERE_DAYS = 7;

/** True where the answer of `number_checks`, named `k`, is still believed; as SQL. */
export const IS_FRESH = `k.checked_at > now() - case when k.canonical is null then interval '${NOT_THERE_DAYS} days' else interval '${THERE_DAYS} days' end`;

/** Answers in one order, as everybody writes them. */
const STORE = `insert into private.number_checks (organization_id, phone_number, canonical, checked_at)
  select private.current_organization(), a.phone, a.canonical, now() from unnest($1::text[], $2::text[]) as a (phone, canonical) order by a.phone
  on conflict (organization_id, phone_number) do update set canonical = excluded.canonical, checked_at = excluded.checked_at`;

/** Contacts under a form that WhatsApp has another number for: they take that, unless somebody has it. */
const TAKE_CANONICAL = `with a as (select * from unnest($1::text[], $2::text[]) as a (phone, canonical)),
  renamed as (
    update contacts c set phone_number = a.canonical, updated_at = now() from a
     where c.phone_number = a.phone and not exists (select from contacts d where d.phone_number = a.canonical)
    returning c.organization_id, c.id, c.phone_number
  )
  insert into private.contact_evidence (organization_id, contact_id, phone_number, source, session_id)
  select organization_id, id, phone_number, 'check', $3 from renamed`;

const TWO_FORMS = `select x.id as a, y.id as b from unnest($1::text[], $2::text[]) as a (phone, canonical)
    join contacts x on x.phone_number = a.canonical join contacts y on y.phone_number = a.phone`;

/** What WhatsApp says of numbers: asked once, kept, and drawn consequences from. */
@Injectable()
export class NumberChecks {
  constructor(
    private readonly db: TenantDb,
    private readonly contacts: ContactsRepository,
  ) {}

  /** Asks WhatsApp, and keeps what it says. What it says nothing of is missing. @throws SessionOffline | StaleLease */
  async ask(session: OpenSession, phones: readonly string[]): Promise<Map<string, NumberAnswer | null>> {
    const answers = new Map<string, NumberAnswer | null>();
    const distinct = [...new Set(phones)];
    for (let n = 0; n < distinct.length; n += LOOK_UP_MAX)
      for (const [phone, answer] of await session.lookUp(distinct.slice(n, n + LOOK_UP_MAX)))
        answers.set(phone, answer);
    if (answers.size > 0) await this.store(session.lease, answers);
    return answers;
  }

  private store(lease: Lease, answers: ReadonlyMap<string, NumberAnswer | null>): Promise<void> {
    const fence = (sql: TenantSql) => holdLease(sql, lease);
    const evidence = { source: 'check', session: lease.session } as const;
    return settlingPeople(
      this.db,
      lease.organization,
      async (sql) => {
        await fence(sql);
        await sql.query(STORE, [[...answers.keys()], [...answers.values()].map((answer) => answer?.phone ?? null)]);
        const others = [...answers].flatMap(([phone, answer]) =>
          answer && answer.phone !== phone ? [[phone, answer.phone] as const] : [],
        );
        if (others.length > 0) {
          const forms = [others.map(([phone]) => phone), others.map(([, canonical]) => canonical)];
          await sql.query(TAKE_CANONICAL, [...forms, lease.session]);
          const two = async (own: TenantSql) =>
            this.contacts.mayMerge(own, (await own.query<Two>(TWO_FORMS, forms)).rows);
          if ((await two(sql)).length > 0) throw new PeopleToMerge(two, evidence);
        }
        const pairs = [...answers.values()].flatMap((answer) =>
          answer?.lid ? [{ phone: answer.phone, lid: answer.lid }] : [],
        );
        if (pairs.length > 0) await this.contacts.identify(sql, pairs, evidence);
      },
      fence,
    );
  }
}

type Two = { a: string; b: string };
