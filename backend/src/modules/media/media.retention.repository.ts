import { Injectable } from '@nestjs/common';
import { OrganizationId } from '../../kernel/ids.ts';
import { tellStatuses } from '../messages/messages.events.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';

/** An object that this node is to take out of the store. */
export type Removal = Readonly<{ organization: OrganizationId; storageKey: string; claimedAt: Date }>;

/**
 * Files of before a day whose content nobody needs: no message since then, none that has still to leave, and no template, whose
 * next message shows it. Their objects are marked, to be taken away once no row answers for them.
 */
const EXPIRE = `with old as (
    select organization_id, id from media d
     where created_at < $1 and removed_at is null
       and not exists (select from messages m where m.media_id = d.id
                          and (m.created_at >= $1 or m.status in ('pending', 'queued', 'sending')))
       and not exists (select from templates t where t.header_media_id = d.id)
     order by created_at limit $2 for update skip locked
  ), gone as (
    update media d set removed_at = now(), thumbnail = null, waveform = null, preparation = 'none' from old
     where d.organization_id = old.organization_id and d.id = old.id
    returning d.organization_id, d.id, d.storage_key, d.voice_storage_key
  ), marked as (
    insert into private.unsettled_objects (organization_id, storage_key, removing_at)
    select distinct organization_id, key, '-infinity'::timestamptz from gone, unnest(array[storage_key, voice_storage_key]) key
     where key is not null
    on conflict (organization_id, storage_key) do nothing
  )
  select id from gone`;

/** What is to be taken away, what a node has begun to and has not ended, and what was put and never spoken of. */
const CLAIM = `with due as (
    select organization_id, storage_key from private.unsettled_objects
     where removing_at < now() - interval '5 minutes' or (removing_at is null and touched_at < now() - interval '1 day')
     order by touched_at limit $1 for update skip locked
  )
  update private.unsettled_objects o set removing_at = now() from due
   where o.organization_id = due.organization_id and o.storage_key = due.storage_key
  returning o.organization_id, o.storage_key, o.removing_at`;

/** A row answers for it: it was another's leftover. Asked after the claim, when nobody begins to put it any more. */
const RELEASE = `delete from private.unsettled_objects o
   where o.organization_id = $1 and o.storage_key = $2 and o.removing_at = $3
     and (exists (select from media d where d.organization_id = $1 and d.storage_key = $2 and d.removed_at is null)
       or exists (select from media d where d.organization_id = $1 and d.voice_storage_key = $2 and d.removed_at is null))`;

/** What the phone was asked for and did not give in a day. A phone that was off has been switched on by then, or never will be. */
const GIVE_UP = `with late as (
    select organization_id, message_id from private.media_requests where created_at < now() - interval '1 day'
     order by created_at limit $1 for update skip locked
  ), gone as (
    delete from private.media_requests r using late
     where r.organization_id = late.organization_id and r.message_id = late.message_id
  ), changed as (
    update messages m set media_state = 'failed' from late
     where m.organization_id = late.organization_id and m.id = late.message_id and m.media_state = 'requested'
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), told as (${tellStatuses('changed')})
  select organization_id from late`;

/** The end of files: which are too old, and which objects nobody answers for. */
@Injectable()
export class MediaRetentionRepository {
  constructor(
    private readonly tenants: TenantDb,
    private readonly system: SystemDb,
  ) {}

  async organizations(after: OrganizationId | null, limit: number): Promise<OrganizationId[]> {
    const { rows } = await this.system.query<{ id: string }>(
      'select id from organizations where $1::uuid is null or id > $1 order by id limit $2',
      [after, limit],
    );
    return rows.map(({ id }) => OrganizationId.parse(id));
  }

  /** @returns how many files ended */
  async expire(organization: OrganizationId, before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.tenants.asTenantSql(organization, (sql) => sql.query(EXPIRE, [before, limit]));
    return rowCount ?? 0;
  }

  /** @returns whose files; as many as `limit` when there may be more */
  async giveUpRequests(limit: number): Promise<OrganizationId[]> {
    const { rows } = await this.system.query<{ organization_id: string }>(GIVE_UP, [limit]);
    return rows.map((row) => OrganizationId.parse(row.organization_id));
  }

  async claimRemovals(limit: number): Promise<Removal[]> {
    const { rows } = await this.system.query<{ organization_id: string; storage_key: string; removing_at: Date }>(
      CLAIM,
      [limit],
    );
    return rows.map((row) => ({
      organization: OrganizationId.parse(row.organization_id),
      storageKey: row.storage_key,
      claimedAt: row.removing_at,
    }));
  }

  /** @returns true when the object is to stay */
  async release({ organization, storageKey, claimedAt }: Removal): Promise<boolean> {
    const { rowCount } = await this.system.query(RELEASE, [organization, storageKey, claimedAt]);
    return rowCount === 1;
  }

  async removed({ organization, storageKey, claimedAt }: Removal): Promise<void> {
    await this.system.query(
      'delete from private.unsettled_objects where organization_id = $1 and storage_key = $2 and removing_at = $3',
      [organization, storageKey, claimedAt],
    );
  }
}
