import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import { contactOf } from '../contacts/contact-of.ts';
import type { GroupEventView, GroupGrowth, ListGroupEvents } from './groups.dto.ts';
import { contactView } from './groups.repository.ts';

/** Names are looked up of what is shown alone. */
const EVENTS = `with page as (
    select organization_id, id, type, at, phone_number, lid, actor_phone_number, actor_lid, size, noticed from group_events
     where group_id = $1 and ($3::timestamptz is null or (at, id) < ($3, $4::uuid)) order by at desc, id desc limit $2
  )
  select page.*, who.id as contact_id, who.name as contact_name, actor.id as actor_contact_id, actor.name as actor_contact_name from page
    ${contactOf('who', 'page')}
    ${contactOf('actor', 'page', 'actor_lid', 'actor_phone_number')}
   order by page.at desc, page.id desc`;

/** Backwards from how many there are: what the days add up to is what is there. */
const GROWTH = `with zone as (
    select time_zone, (now() at time zone time_zone)::date as today from organizations where id = private.current_organization()
  ), counted as (
    select (e.at at time zone zone.time_zone)::date as day, count(*) filter (where e.type in ('added', 'joined'))::int as joined,
           count(*) filter (where e.type in ('left', 'removed'))::int as gone
      from group_events e, zone
     where e.group_id = $1 and e.at >= (zone.today - $2::int + 1)::timestamp at time zone zone.time_zone group by 1
  ), days as (
    select d::date as day, coalesce(c.joined, 0) as joined, coalesce(c.gone, 0) as gone
      from zone, generate_series(zone.today - $2::int + 1, zone.today, interval '1 day') d left join counted c on c.day = d::date
  )
  select to_char(days.day, 'YYYY-MM-DD') as day, days.joined, days.gone as left,
         case when days.day >= (g.created_at at time zone zone.time_zone)::date
              then g.size - coalesce(sum(days.joined - days.gone) over (order by days.day desc rows between unbounded preceding and 1 preceding), 0)
         end::int as size
    from days, zone, groups g where g.id = $1 order by days.day`;

type EventRow = Omit<GroupEventView, 'at' | 'actor' | 'contact'> & {
  id: string;
  at: Date;
  actor_phone_number: string | null;
  actor_lid: string | null;
  contact_id: string | null;
  contact_name: string | null;
  actor_contact_id: string | null;
  actor_contact_name: string | null;
};

const EventPlace = z.tuple([z.iso.datetime(), z.uuid()]);

/** What happened in groups, one by one and day by day. */
@Injectable()
export class GroupGrowthRepository {
  /** The newest first. */
  async events(
    sql: TenantSql,
    group: string,
    { cursor, limit }: ListGroupEvents,
  ): Promise<{ rows: EventRow[]; next: string | null }> {
    const before = decodeCursor(group, EventPlace, cursor);
    const { rows } = await sql.query<EventRow>({
      name: 'group_events.list',
      text: EVENTS,
      values: [group, limit + 1, before?.[0], before?.[1]],
    });
    return cutPage(group, rows, limit, ({ at, id }) => [at.toISOString(), id]);
  }

  /** Of the last days, by the organization's clock. */
  async growth(sql: TenantSql, group: string, days: number): Promise<GroupGrowth['items']> {
    const { rows } = await sql.query<GroupGrowth['items'][number]>({
      name: 'group_events.growth',
      text: GROWTH,
      values: [group, days],
    });
    return rows;
  }
}

export const eventView = (row: EventRow): GroupEventView => ({
  type: row.type,
  at: row.at.toISOString(),
  phone_number: row.phone_number,
  lid: row.lid,
  contact: contactView(row.contact_id, row.contact_name),
  actor:
    row.actor_phone_number === null && row.actor_lid === null
      ? null
      : {
          phone_number: row.actor_phone_number,
          lid: row.actor_lid,
          contact: contactView(row.actor_contact_id, row.actor_contact_name),
        },
  size: row.size,
  noticed: row.noticed,
});
