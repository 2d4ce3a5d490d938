import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ContactId, GroupParticipantId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import { contactOf } from '../contacts/contact-of.ts';
import { digitsOf, literally } from '../contacts/contact-search.ts';
import { pictureInfo } from './group-picture-info.ts';
import type { GroupParticipantView, GroupView, ListGroups, ListParticipants } from './groups.dto.ts';
import { GroupNotFound } from './groups.errors.ts';
import { refusalsOf } from './groups.rules.ts';

type Number = Omit<GroupView['numbers'][number], 'cannot'>;
export type GroupRow = Omit<GroupView, 'founded_at' | 'ended' | 'numbers' | 'picture'> & {
  founded_at: Date | null;
  ended_at: Date | null;
  end_reason: string | null;
  picture_state: string | null;
  picture_updated_at: Date | null;
  numbers: Number[];
  place: string | number;
};
export type ParticipantRow = Omit<GroupParticipantView, 'joined_at' | 'contact'> & {
  id: string;
  joined_at: Date | null;
  contact_id: ContactId | null;
  contact_name: string | null;
};

/** With the numbers that are in it, or were; those that are no more by who was linked first. */
const GROUP = (place: string): string => `select g.id, g.jid, g.kind, g.community_jid,
       (select c.subject from groups c where c.jid = g.community_jid and c.told_at > '-infinity') as community_subject, g.subject, g.description, g.announcement, g.locked, g.member_add_mode, g.join_approval,
       g.ephemeral_seconds, g.size, g.founded_at, g.ended_at, g.end_reason, i.state as picture_state, i.updated_at as picture_updated_at, ${place} as place,
       coalesce((select json_agg(json_build_object('session_id', n.session_id, 'role', p.role) order by n.session_id)
                   from group_sessions n join sessions s on s.id = n.session_id and s.deleted_at is null
                   left join group_participants p on p.id = n.participant_id
                  where n.group_id = g.id), '[]') as numbers
  from groups g left join group_pictures i on i.group_id = g.id`;

/** A number of ours that is in it. @param which more of `group_sessions n`, `group_participants p`, as SQL */
const HAS_NUMBER = (
  which: string,
): string => `exists (select from group_sessions n join sessions s on s.id = n.session_id and s.deleted_at is null
      join group_participants p on p.id = n.participant_id
    where n.group_id = g.id and p.role is not null and ${which})`;

/** What a list is sorted by, ascending, with its type and the place of a row in a cursor. */
const SORTS = {
  subject: { place: 'lower(g.subject)', type: 'text', cursor: z.tuple([z.string(), z.uuid()]) },
  size: { place: '-g.size', type: 'int', cursor: z.tuple([z.number().int(), z.uuid()]) },
} as const;

const ADMIN = HAS_NUMBER(`p.role <> 'member' and ($2::uuid is null or n.session_id = $2)`);

const listBy = ({ place, type }: (typeof SORTS)[keyof typeof SORTS]): string => `${GROUP(place)}
 where g.told_at > '-infinity' and ($2::uuid is null or ${HAS_NUMBER('n.session_id = $2')})
   and ($3::boolean is null or $3 and ${ADMIN} or not $3 and ${HAS_NUMBER('true')} and not ${ADMIN})
   and ($4::text is null or g.subject ilike '%' || $4 || '%')
   and ($5::${type} is null or (${place}, g.id) > ($5, $6::uuid))
   and ($7::text is null or g.kind = $7) and ($8::text is null or g.community_jid = $8)
   and ($9::uuid[] is null or g.id = any ($9))
 order by ${place}, g.id limit $1`;

/** Which number of ours somebody in a group is. A number that was deleted and linked again is several sessions and one person. */
export const SESSION_OF = (
  person: string,
): string => `(select n.session_id from group_sessions n join sessions s on s.id = n.session_id and s.deleted_at is null
         where n.group_id = ${person}.group_id and n.participant_id = ${person}.id order by n.session_id limit 1)`;

const ROLES_FIRST = `array_position('{superadmin,admin,member}'::text[], p.role)`;

const PARTICIPANTS = `select p.id, p.phone_number, p.lid, p.push_name, p.role, p.joined_at, c.id as contact_id, c.name as contact_name,
       ${SESSION_OF('p')} as session_id
  from group_participants p
  ${contactOf('c', 'p')}
 where p.group_id = $2 and p.role is not null and ($3::text is null or p.role = $3) and ($8::boolean is not true or p.role <> 'member')
   and ($4::text is null or c.names ilike '%' || $4 || '%' or p.push_name ilike '%' || $4 || '%' or p.lid like '%' || $4 || '%'
        or $5::text <> '' and p.phone_number like '%' || $5 || '%')
   and ($6::int is null or (${ROLES_FIRST}, p.id) > ($6, $7::uuid))
 order by ${ROLES_FIRST}, p.id limit $1`;

const ParticipantPlace = z.tuple([z.number().int(), z.uuid()]);
const ROLE_ORDER = ['superadmin', 'admin', 'member'];

/** What is known of groups, without asking WhatsApp. */
@Injectable()
export class GroupsRepository {
  /** By subject or size. */
  async list(
    sql: TenantSql,
    organization: OrganizationId,
    { session_id: session, search, admin, kind, community_jid: community, ids, sort, cursor, limit }: ListGroups,
  ): Promise<{ rows: GroupRow[]; next: string | null }> {
    const after = decodeCursor(organization, SORTS[sort].cursor, cursor);
    const { rows } = await sql.query<GroupRow>({
      name: `groups.list_by_${sort}`,
      text: listBy(SORTS[sort]),
      values: [
        limit + 1,
        session ?? null,
        admin === undefined ? null : admin === 'true',
        search ? literally(search) : null,
        after?.[0],
        after?.[1],
        kind ?? null,
        community ?? null,
        ids ?? null,
      ],
    });
    return cutPage(organization, rows, limit, ({ place, id }) => [place, id]);
  }

  /** @throws GroupNotFound */
  async get(sql: TenantSql, jid: string): Promise<GroupRow> {
    const { rows } = await sql.query<GroupRow>(
      `${GROUP(SORTS.subject.place)} where g.jid = $1 and g.told_at > '-infinity'`,
      [jid],
    );
    if (!rows[0]) throw new GroupNotFound(jid);
    return rows[0];
  }

  /** Admins first. @param group its id */
  async participants(
    sql: TenantSql,
    group: string,
    { search, role, admin, cursor, limit }: ListParticipants,
  ): Promise<{ rows: ParticipantRow[]; next: string | null }> {
    const after = decodeCursor(group, ParticipantPlace, cursor);
    const { rows } = await sql.query<ParticipantRow>({
      name: 'groups.participants',
      text: PARTICIPANTS,
      values: [
        limit + 1,
        group,
        role ?? null,
        search ? literally(search) : null,
        search ? digitsOf(search) : null,
        after?.[0],
        after?.[1],
        admin === 'true',
      ],
    });
    return cutPage(group, rows, limit, ({ role: has, id }) => [ROLE_ORDER.indexOf(has) + 1, id]);
  }
}

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

export const contactView = (id: string | null, name: string | null): GroupParticipantView['contact'] =>
  id === null ? null : { id: ContactId.parse(id), name };

export const groupView = (row: GroupRow): GroupView => ({
  id: row.id,
  jid: row.jid,
  kind: row.kind,
  community_jid: row.community_jid,
  community_subject: row.community_subject,
  subject: row.subject,
  description: row.description,
  picture: pictureInfo(row.picture_state, row.picture_updated_at),
  announcement: row.announcement,
  locked: row.locked,
  member_add_mode: row.member_add_mode,
  join_approval: row.join_approval,
  ephemeral_seconds: row.ephemeral_seconds,
  size: row.size,
  founded_at: time(row.founded_at),
  ended: row.ended_at && { at: row.ended_at.toISOString(), reason: row.end_reason },
  numbers: row.numbers.map(({ session_id: session, role }) => ({
    session_id: SessionId.parse(session),
    role,
    cannot: refusalsOf({ ...row, memberAddMode: row.member_add_mode }, role),
  })),
});

export const participantView = (row: ParticipantRow): GroupParticipantView => ({
  id: GroupParticipantId.parse(row.id),
  phone_number: row.phone_number,
  lid: row.lid,
  push_name: row.push_name,
  role: row.role,
  joined_at: time(row.joined_at),
  contact: contactView(row.contact_id, row.contact_name),
  session_id: row.session_id,
});
