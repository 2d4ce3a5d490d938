import { Injectable } from '@nestjs/common';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { Lease } from './session-traffic.ts';
import type { Restrictions } from './whatsapp/restrictions.ts';

/** What is said again changes nothing and tells nobody. */
const SAVE = `with lease as (select 1 from private.session_leases where session_id = $2 and epoch = $3 for key share),
  said as (
    select s.organization_id, s.id,
           case when $4 then $5::timestamptz(3) else s.reach_out_until end as reach_out_until,
           case when $6 then $7::int else s.new_chat_quota end as quota,
           case when $6 then $8::int else s.new_chat_quota_used end as used,
           case when $6 then $9::timestamptz(3) else s.new_chat_quota_ends_at end as ends_at
      from sessions s, lease where s.organization_id = $1 and s.id = $2
  ), changed as (
    update sessions s set reach_out_until = said.reach_out_until, new_chat_quota = said.quota,
           new_chat_quota_used = said.used, new_chat_quota_ends_at = said.ends_at
      from said
     where s.organization_id = said.organization_id and s.id = said.id
       and (s.reach_out_until, s.new_chat_quota, s.new_chat_quota_used, s.new_chat_quota_ends_at)
           is distinct from (said.reach_out_until, said.quota, said.used, said.ends_at)
    returning s.organization_id, s.id
  )
  insert into private.facts (organization_id, type, subject, payload)
  select organization_id, 'session.updated', id, jsonb_build_object('session_id', id) from changed`;

/** What WhatsApp says of the chats that a number may begin, as the number's owner hears it. */
@Injectable()
export class SessionRestrictionsRepository {
  constructor(private readonly system: SystemDb) {}

  /** @returns whether that is news; a stale owner's never is */
  async save(lease: Lease, { reachOutUntil, newChatQuota }: Restrictions): Promise<boolean> {
    const { rowCount } = await this.system.query({
      name: 'session_restrictions.save',
      text: SAVE,
      values: [
        lease.organization,
        lease.session,
        lease.epoch,
        reachOutUntil !== undefined,
        reachOutUntil ?? null,
        newChatQuota !== undefined,
        newChatQuota?.total ?? null,
        newChatQuota?.used ?? null,
        newChatQuota?.endsAt ?? null,
      ],
    });
    return (rowCount ?? 0) > 0;
  }
}
