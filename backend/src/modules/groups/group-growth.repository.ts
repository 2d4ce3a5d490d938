import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../kernel/clock.ts';
import { ContactId, firstIdAt, GroupParticipantId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import { contactOf } from '../contacts/contact-of.ts';
import { CHANGES } from '../messages/messages.dto.ts';
import type {
  AskMostActive,
  GroupEventView,
  GroupGrowth,
  GroupMostActive,
  GroupWriterView,
  ListGroupEvents,
} from './groups.dto.ts';
import { contactView, SESSION_OF } from './groups.repository.ts';

const DAY_MS = 86_400_000;

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

/**
 * Of each number's conversation only what lies above an id is looked at, once. Each number in the group has what the others
 * write, and what one of them wrote is theirs to the others: a message is one by who wrote it and the id that WhatsApp has for it.
 */
const MOST_ACTIVE = `with since as (
    select ((now() at time zone time_zone)::date - $2::int + 1)::timestamp at time zone time_zone as at
      from organizations where id = private.current_organization()
  ), written as (
    select coalesce(m.participant_id, n.participant_id) as id, m.whatsapp_message_id, max(m.sent_at) as at
      from since cross join group_sessions n
      join conversations v on v.organization_id = n.organization_id and v.session_id = n.session_id and v.group_id = n.group_id
      join messages m on m.organization_id = v.organization_id and m.conversation_id = v.id
     where n.group_id = $1 and m.id >= $4::uuid and m.type <> all ($5::text[]) and m.sent_at >= since.at
     group by 1, 2
  ), people as (
    select id, count(*)::int as messages, max(at) as last_written_at from written where id is not null group by id
  ), most as (
    select *, sum(messages) over ()::int as all_messages, count(*) over ()::int as all_people
      from people order by messages desc, last_written_at desc, id limit $3
  )
  select p.id, p.phone_number, p.lid, p.push_name, p.role, c.id as contact_id, c.name as contact_name, ${SESSION_OF('p')} as session_id,
         most.messages, most.last_written_at, most.all_messages, most.all_people
    from most join group_participants p on p.id = most.id
    ${contactOf('c', 'p')}
   order by most.messages desc, most.last_written_at desc, p.id`;

type WriterRow = Omit<GroupWriterView, 'last_written_at' | 'contact'> & {
  last_written_at: Date;
  contact_id: ContactId | null;
  contact_name: string | null;
  all_messages: number;
  all_people: number;
};

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

/** What happened in groups, one by one and day by day, and who writes in them. */
@Injectable()
export class GroupGrowthRepository {
  constructor(private readonly clock: Clock) {}

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

  /** Of the last days, by the organization's clock. Ids are looked at from a day before: days may have 25 hours, and clocks differ. */
  async mostActive(sql: TenantSql, group: string, { days, limit }: AskMostActive): Promise<GroupMostActive> {
    const from = firstIdAt(new Date(this.clock.now().getTime() - (days + 1) * DAY_MS));
    const { rows } = await sql.query<WriterRow>({
      name: 'groups.most_active',
      text: MOST_ACTIVE,
      values: [group, days, limit, from, CHANGES],
    });
    return { messages: rows[0]?.all_messages ?? 0, people: rows[0]?.all_people ?? 0, items: rows.map(writerView) };
  }
}

const writerView = (row: WriterRow): GroupWriterView => ({
  id: GroupParticipantId.parse(row.id),
  phone_number: row.phone_number,
  lid: row.lid,
  push_name: row.push_name,
  role: row.role,
  contact: contactView(row.contact_id, row.contact_name),
  session_id: row.session_id,
  messages: row.messages,
  last_written_at: row.last_written_at.toISOString(),
});

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
