import { Injectable } from '@nestjs/common';
import type { Run } from './automation-acts.ts';
import type { Stretch, YearlyDay } from './automations-calendar.rules.ts';

/** A day of a contact that is shown, and who acts on it. */
export type DayTold = YearlyDay &
  Readonly<{
    organization_id: string;
    automation_id: string;
    id: string;
    contact_id: string;
    name: string;
    phone_number: string | null;
    contact_name: string | null;
  }>;

/** Whose days are looked through. */
export type Looking = Readonly<{ organization_id: string; id: string; day_name: string }>;

/** Behind which day of which contact a page begins. */
export type Place = Readonly<{ month: number; day: number; contact: string }>;

/** What is planned ahead in one transaction. */
export const PAGE = 500;

const COLUMNS = `d.organization_id::text as organization_id, d.id::text as id, d.contact_id::text as contact_id, d.name,
       d.month::int as month, d.day::int as day, d.year::int as year, coalesce(c.name, c.push_name) as contact_name,
       coalesce(c.phone_number, (select min(m.phone_number) from contacts m
         where m.organization_id = c.organization_id and m.merged_into = c.id)) as phone_number`;

const IN_STRETCH = `select $2::text as automation_id, ${COLUMNS}
  from contact_days d join contacts c on c.organization_id = d.organization_id and c.id = d.contact_id
 where d.organization_id = $1::uuid and d.key = lower($3::text) and c.merged_into is null
   and (d.month, d.day, d.contact_id) > ($4::smallint, $5::smallint, $6::uuid) and (d.month, d.day) <= ($7::smallint, $8::smallint)
 order by d.month, d.day, d.contact_id limit ${PAGE}`;

/** Of merged ones those of the contact that is shown. */
const OF_CONTACTS = `select distinct a.id::text as automation_id, ${COLUMNS}
  from contacts s
  join contacts c on c.organization_id = s.organization_id and c.id = coalesce(s.merged_into, s.id)
  join contact_days d on d.organization_id = c.organization_id and d.contact_id = c.id
  join automations a on a.organization_id = d.organization_id and a.enabled and a.event = 'contact_day' and lower(a.day_name) = d.key
 where (s.organization_id, s.id) in (select * from unnest($1::uuid[], $2::uuid[]))`;

const CANCEL = `update notifications n
   set state = 'cancelled', due_at = null, settled_at = $3::timestamptz, error_code = 'contact_day_changed', error_detail = null
 where (n.organization_id, n.related_id) in (select * from unnest($1::uuid[], $2::text[]))
   and n.contact_day_id is not null and n.due_at is not null and n.state = 'pending'
   and not exists (select from contact_days d join contacts c on c.organization_id = d.organization_id and c.id = d.contact_id
     where d.organization_id = n.organization_id and d.id = n.contact_day_id and c.merged_into is null)`;

/** A contact of which something changed. */
export type Changed = Readonly<{ organization: string; contact: string }>;

@Injectable()
export class ContactDaysToldRepository {
  /** The next ones of a stretch of the year; fewer than a page when there are no more. */
  inStretch(run: Run, { organization_id: organization, id, day_name: name }: Looking, { to }: Stretch, after: Place) {
    return run<DayTold>(IN_STRETCH, [organization, id, name, after.month, after.day, after.contact, to.month, to.day]);
  }

  /** All days of contacts on which an automation acts. */
  ofContacts(run: Run, changed: readonly Changed[]): Promise<DayTold[]> {
    return run<DayTold>(OF_CONTACTS, keysOf(changed));
  }

  /** What waits because of days that these contacts have no more. */
  async cancel(run: Run, changed: readonly Changed[], now: Date): Promise<void> {
    await run(CANCEL, [...keysOf(changed), now]);
  }
}

const keysOf = (changed: readonly Changed[]) => [
  changed.map(({ organization }) => organization),
  changed.map(({ contact }) => contact),
];
