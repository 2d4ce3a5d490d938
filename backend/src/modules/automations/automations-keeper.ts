import { Injectable } from '@nestjs/common';
import { SystemDb } from '../../platform/database/system-db.ts';

/** Longer than a year and a window of days before it, so that what comes every year is never told of twice. */
const EVENTS_KEPT_DAYS = 400;

/** Rows in one statement, and statements in one round. */
const BATCH = 1_000;
const ROUNDS = 20;

/** What somebody is still to be told because of an event waits with it, or telling it again would tell him twice. */
const FORGET = `delete from private.automation_events e where (e.organization_id, e.id) in (
    select o.organization_id, o.id from private.automation_events o
     where o.received_at < $1::timestamptz - interval '${EVENTS_KEPT_DAYS} days'
       and not exists (select from automation_runs r join notifications n on n.organization_id = r.organization_id and n.id = r.notification_id
             where r.organization_id = o.organization_id and r.event_id = o.id and n.due_at is not null)
     order by o.received_at limit ${BATCH} for update skip locked)`;

/** Forgets what happened long ago, with what automations made of it. What people were told stays. */
@Injectable()
export class AutomationsKeeper {
  constructor(private readonly system: SystemDb) {}

  async forget(now: Date): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1)
      if (((await this.system.query(FORGET, [now])).rowCount ?? 0) < BATCH) return;
  }
}
