import { Injectable } from '@nestjs/common';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { ContactListNotFound, ContactNotFound, TagNotFound } from '../contacts/contacts.errors.ts';
import { IS_FRESH } from '../contacts/number-checks.ts';
import { GroupNotFound } from '../groups/groups.errors.ts';
import { newChatOf } from '../messages/outbox.claims.ts';
import {
  type Address,
  type Audience,
  audienceOf,
  groupsIn,
  type GroupNamed,
  type Chat,
  type KnownContact,
  type Named,
} from './audience.rules.ts';
import type { BroadcastAudience } from './broadcasts.dto.ts';
import { BroadcastTooLarge } from './broadcasts.errors.ts';

/** How often people may be named, all sources together: with more nobody looks who is who. */
export const NAMED_MAX = 100_000;

const MISSING = `select (select jid from unnest($1::text[]) as w (jid) where not exists (select from groups g where g.jid = w.jid and g.told_at > '-infinity') limit 1) as jid,
       (select id from unnest($2::uuid[]) as w (id) where not exists (select from tags t where t.id = w.id) limit 1) as tag,
       (select id from unnest($3::uuid[]) as w (id) where not exists (select from contact_lists l where l.id = w.id) limit 1) as list,
       (select id from unnest($4::uuid[]) as w (id) where not exists (select from contacts c where c.id = w.id) limit 1) as contact`;

const GONE = `coalesce(k.canonical is null and ${IS_FRESH}, false)`;

/** Contacts that an address belongs to: the number as WhatsApp has it, and as it was written. @param lid, written as SQL; `k` its check */
const rootsBy = (lid: string, written: string): string => `array(
    select distinct coalesce(c.merged_into, c.id) from contacts c
     where c.lid = ${lid} or c.phone_number = ${written} or c.phone_number = k.canonical)`;

/** Everybody as often as somebody names him. */
const NAMED = `with sorted as (
    select c.id as root from contacts c where $1::boolean and c.merged_into is null
    union all select coalesce(c.merged_into, c.id) from contact_tags x join contacts c on c.id = x.contact_id where x.tag_id = any ($5::uuid[])
    union all select coalesce(c.merged_into, c.id) from contact_list_members x join contacts c on c.id = x.contact_id where x.list_id = any ($6::uuid[])
    union all select coalesce(c.merged_into, c.id) from contacts c where c.id = any ($7::uuid[])
  ), participants as (
    select g.subject, p.id, p.phone_number, p.lid, p.role, k.canonical, ${GONE} as is_gone, ${rootsBy('p.lid', 'p.phone_number')} as roots
      from groups g join group_participants p on p.group_id = g.id
      left join private.number_checks k on k.phone_number = p.phone_number
     where g.jid = any ($2::text[]) and (not $3::boolean or p.role in ('admin', 'superadmin'))
  ), all_named as (
    select 1 as source, root as id, array[root] as roots, null as phone, null as lid, false as is_gone, null as "group", false as is_left, null::int as n from sorted
    union all
    select 2, id, roots, coalesce(canonical, phone_number), lid, is_gone, subject, role is null, null from participants
     where $4::text is null or ($4 = 'only') = (cardinality(roots) > 0)
    union all
    select 3, null, ${rootsBy('null', 'w.phone')}, coalesce(k.canonical, w.phone), null, ${GONE}, null, false, w.n
      from unnest($8::text[]) with ordinality as w (phone, n) left join private.number_checks k on k.phone_number = w.phone
  )
  select roots, phone, lid, is_gone, "group", is_left, n from all_named order by source, id, n limit ${NAMED_MAX + 1}`;

const KNOWN = `with contact as (
    select * from contacts where id = any ($1::uuid[])
    union all select * from contacts where merged_into = any ($1::uuid[])
  )
  select coalesce(c.merged_into, c.id) as root, c.id, c.phone_number as phone, k.canonical, c.lid, c.name, c.push_name,
         c.merged_into is null and c.opted_out_at is not null as is_opted_out, ${GONE} as is_gone
    from contact c left join private.number_checks k on k.phone_number = c.phone_number order by c.id`;

const CHATS = `with last as (
    select distinct on (v.contact_id) v.id, v.contact_id, v.session_id, v.established, v.last_message_at from conversations v
     where v.session_id = any ($2::uuid[]) and v.contact_id = any ($1::uuid[]) and v.merged_into is null and v.last_message_id is not null
     order by v.contact_id, v.last_message_at desc, v.id
  )
  select contact_id as root, session_id as session, ${newChatOf('last.established', 'last.id')} > 1 as is_new
    from last order by last_message_at desc, id`;

const GROUPS = `select g.id, g.subject, g.kind, g.locked, g.announcement, g.member_add_mode as "memberAddMode", s.id as session, p.role
    from unnest($1::text[]) with ordinality as w (jid, n)
    join groups g on g.jid = w.jid
    cross join unnest($2::uuid[]) with ordinality as s (id, place)
    left join group_sessions m on m.group_id = g.id and m.session_id = s.id
    left join group_participants p on p.id = m.participant_id
   order by w.n, s.place`;

const OWN = `select phone_number as phone, substring(whatsapp_lid from '^\\d+') as lid from sessions where deleted_at is null`;

/** Whom an audience means: a constant number of statements, and nothing is written. */
@Injectable()
export class AudienceRepository {
  /**
   * @param phones those that were given, and those of a file, in E.164 @param sessions the numbers that send
   * @throws GroupNotFound | TagNotFound | ContactListNotFound | ContactNotFound | BroadcastTooLarge
   */
  async of(
    sql: TenantSql,
    audience: BroadcastAudience,
    phones: readonly string[],
    sessions: readonly string[],
  ): Promise<Audience> {
    await this.assertThere(sql, audience);
    const {
      groups: of,
      everybody = false,
      tag_ids: tags = [],
      list_ids: lists = [],
      contact_ids: contacts = [],
    } = audience;
    const values = [
      everybody,
      of?.jids ?? [],
      of?.admins_only ?? false,
      of?.contacts ?? null,
      tags,
      lists,
      contacts,
      phones,
    ];
    const { rows: named } = await sql.query<Named>({ name: 'broadcasts.named', text: NAMED, values });
    if (named.length > NAMED_MAX) throw new BroadcastTooLarge(NAMED_MAX);
    const into = [...new Set(audience.into_groups)];
    const groups = await sql.query<GroupNamed>({ name: 'broadcasts.groups', text: GROUPS, values: [into, sessions] });
    const roots = [...new Set(named.flatMap((one) => one.roots))];
    const { rows: known } = await sql.query<KnownContact>({ name: 'broadcasts.known', text: KNOWN, values: [roots] });
    const chats = await sql.query<Chat>({ name: 'broadcasts.chats', text: CHATS, values: [roots, sessions] });
    const { rows: own } = await sql.query<Address>(OWN);
    const people = audienceOf({ named, known, chats: chats.rows, own });
    return {
      recipients: [...groupsIn(groups.rows), ...people.recipients],
      duplicates: people.duplicates + (audience.into_groups?.length ?? 0) - into.length,
    };
  }

  private async assertThere(
    sql: TenantSql,
    { groups, into_groups: into, tag_ids: tags, list_ids: lists, contact_ids: contacts }: BroadcastAudience,
  ): Promise<void> {
    if (!groups && !into && !tags && !lists && !contacts) return;
    const { rows } = await sql.query<Record<'jid' | 'tag' | 'list' | 'contact', string | null>>(MISSING, [
      [...(groups?.jids ?? []), ...(into ?? [])],
      tags ?? [],
      lists ?? [],
      contacts ?? [],
    ]);
    if (rows[0]?.jid) throw new GroupNotFound(rows[0].jid);
    if (rows[0]?.tag) throw new TagNotFound(rows[0].tag);
    if (rows[0]?.list) throw new ContactListNotFound(rows[0].list);
    if (rows[0]?.contact) throw new ContactNotFound(rows[0].contact);
  }
}
