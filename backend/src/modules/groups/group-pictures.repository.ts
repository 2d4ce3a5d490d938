import { Injectable } from '@nestjs/common';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { GroupNotFound } from './groups.errors.ts';

/** A picture as it is kept. */
export type GroupPictureRow = Readonly<{
  group_id: string;
  state: 'unknown' | 'none' | 'kept';
  image: Buffer | null;
  /** Somebody is to look whether it is so still. */
  wanted: boolean;
}>;

/** A picture that a number is to look at. */
export type WantedPicture = Readonly<{ group_id: string; jid: string; changed_at: string; changed_to: string | null }>;

/** Nobody tells of it when a picture changes while no number is in the group. */
const FRESH = `interval '7 days'`;
/** Until another may ask WhatsApp for it; doubled with each try that came to nothing, to a day. */
const ASKED = `least(interval '1 minute' * 2 ^ least(p.tries, 12), interval '1 day')`;

/** One of our numbers can ask. */
const HAS_NUMBER = `exists (select from group_sessions n join sessions s on s.id = n.session_id and s.deleted_at is null
    join group_participants us on us.id = n.participant_id and us.role is not null where n.group_id = g.id)`;

const GET = `select g.id as group_id, coalesce(p.state, 'unknown') as state, p.image,
       (p.looked_at is null or p.wanted_at is not null or p.looked_at < now() - ${FRESH}) and ${HAS_NUMBER} as wanted
  from groups g left join group_pictures p on p.group_id = g.id
 where g.jid = $1 and g.told_at > '-infinity'`;

const WANT = `insert into group_pictures as p (organization_id, group_id, wanted_at) values (private.current_organization(), $1, now())
  on conflict (organization_id, group_id) do update set wanted_at = now()
   where p.wanted_at is null and (p.looked_at is null or p.looked_at < now() - ${FRESH})`; // somebody may have looked just now

/** Told by each number that is in the group, it counts once. What is kept is shown until somebody has looked at the new one. */
const CHANGED = `insert into group_pictures as p (organization_id, group_id, changed_at, changed_to, updated_at)
  values (private.current_organization(), $1, $2, $3, now())
  on conflict (organization_id, group_id) do update
     set changed_at = excluded.changed_at, changed_to = excluded.changed_to, updated_at = now(), looked_at = null,
         asked_until = null, tries = 0, state = case p.state when 'none' then 'unknown' else p.state end
   where p.changed_at < excluded.changed_at
      or p.changed_at = excluded.changed_at and p.changed_to is distinct from excluded.changed_to`;

/** The longest wanted of the groups that the number is in. Another number, on another node, may be asking for one. */
const CLAIM = `with next as (
    select p.group_id from group_pictures p
      join group_sessions n on n.group_id = p.group_id and n.session_id = $1
      join group_participants us on us.id = n.participant_id and us.role is not null
     where p.wanted_at is not null and (p.asked_until is null or p.asked_until <= now())
     order by p.wanted_at, p.group_id limit 1 for update of p skip locked
  )
  update group_pictures p set asked_until = now() + ${ASKED}, tries = p.tries + 1
    from next join groups g on g.id = next.group_id
   where p.group_id = next.group_id
  returning p.group_id, g.jid, p.changed_at::text, p.changed_to`;

/** As it was when WhatsApp was asked: one that has changed since is looked at again. */
const KEEP = `update group_pictures p
     set image = $2, state = case when $2::bytea is null then 'none' else 'kept' end, looked_at = now(), asked_until = null, tries = 0,
         updated_at = case when p.updated_at is null or p.image is distinct from $2 then now() else p.updated_at end,
         wanted_at = null
   where p.group_id = $1 and p.changed_at = $3::timestamptz and p.changed_to is not distinct from $4`;

/** Something is different from what was taken: it can be asked for again at once. */
const AGAIN = `update group_pictures set asked_until = null, tries = 0 where group_id = $1`;

const RELEASE = `update group_pictures p set asked_until = null from group_sessions n
  where n.session_id = $1 and n.group_id = p.group_id and p.wanted_at is not null and p.asked_until is not null`;

/** The picture of a group has changed, as WhatsApp tells. @param id WhatsApp's; null: there is none any more */
export async function pictureChanged(
  sql: TenantSql,
  group: string,
  { at, id }: Readonly<{ at: Date; id: string | null }>,
): Promise<void> {
  await sql.query({ name: 'group_pictures.changed', text: CHANGED, values: [group, at, id] });
}

/** Pictures of groups, and who is to look at which. */
@Injectable()
export class GroupPicturesRepository {
  /** @throws GroupNotFound */
  async get(sql: TenantSql, jid: string): Promise<GroupPictureRow> {
    const { rows } = await sql.query<GroupPictureRow>({ name: 'group_pictures.get', text: GET, values: [jid] });
    if (!rows[0]) throw new GroupNotFound(jid);
    return rows[0];
  }

  /** Somebody wants to see it as it is now. */
  async want(sql: TenantSql, group: string): Promise<void> {
    await sql.query({ name: 'group_pictures.want', text: WANT, values: [group] });
  }

  /** The next one that a number is to look at; its lease is held. */
  async claim(sql: TenantSql, { session }: Pick<Lease, 'session'>): Promise<WantedPicture | null> {
    const { rows } = await sql.query<WantedPicture>({ name: 'group_pictures.claim', text: CLAIM, values: [session] });
    return rows[0] ?? null;
  }

  /** What a number was about to look at can be looked at now. */
  async release(sql: TenantSql, { session }: Pick<Lease, 'session'>): Promise<void> {
    await sql.query({ name: 'group_pictures.release', text: RELEASE, values: [session] });
  }

  /** What WhatsApp showed. @param image null: there is none */
  async keep(sql: TenantSql, { group_id, changed_at, changed_to }: WantedPicture, image: Buffer | null): Promise<void> {
    const values = [group_id, image, changed_at, changed_to];
    const { rowCount } = await sql.query({ name: 'group_pictures.keep', text: KEEP, values });
    if (rowCount === 0) await sql.query({ name: 'group_pictures.again', text: AGAIN, values: [group_id] });
  }
}
