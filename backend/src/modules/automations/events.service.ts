import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { AutomationId, newId, NotificationId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import type { Caller } from '../auth/caller.ts';
import { AutomationActs, runIn, type ToldEvent } from './automation-acts.ts';
import type { EventAccepted, PostEvent, SkipReason } from './automations.dto.ts';
import { EventIdReused, EventNameReserved } from './automations.errors.ts';
import { OWN_EVENTS } from './automations.words.ts';

/** What customers' own applications tell. */
@Injectable()
export class EventsService {
  constructor(
    private readonly db: TenantDb,
    private readonly acts: AutomationActs,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes an event once by its id. Whoever tells it at the same time waits for the first, and hears the same.
   * @throws EventNameReserved | EventIdReused
   */
  async tell({ organization }: Caller, event: PostEvent): Promise<EventAccepted> {
    if ((OWN_EVENTS as readonly string[]).includes(event.name)) throw new EventNameReserved(event.name);
    const bodyHash = createHash('sha256').update(JSON.stringify(event)).digest();
    const accepted = await this.db.asTenantSql(organization, async (sql) => {
      const run = runIn(sql);
      const told = toldOf(organization, event, bodyHash);
      const waiting = await this.acts.waitingFor(run, [{ organization, name: event.name }]);
      await this.acts.take(run, [told], waiting, { now: this.clock.now() });
      return this.answer(sql, event.event_id, bodyHash);
    });
    this.signals.send('notifications', {});
    return accepted;
  }

  private async answer(sql: TenantSql, eventId: string, bodyHash: Buffer): Promise<EventAccepted> {
    const { rows } = await sql.query<{
      body_hash: Buffer | null;
      received_at: Date;
      automation_id: string | null;
      outcome: 'acted' | 'skipped';
      reason: SkipReason | null;
      notification_id: string | null;
    }>(
      `select e.body_hash, e.received_at, r.automation_id, r.outcome, r.reason, r.notification_id
         from private.automation_events e left join automation_runs r on r.organization_id = e.organization_id and r.event_id = e.id
        where e.event_id = $1 order by r.automation_id`,
      [eventId],
    );
    const [first] = rows;
    if (!first?.body_hash?.equals(bodyHash)) throw new EventIdReused(eventId);
    return {
      event_id: eventId,
      received_at: first.received_at.toISOString(),
      automations: rows.flatMap(({ automation_id: automation, outcome, reason, notification_id: notification }) =>
        automation === null
          ? []
          : [
              {
                automation_id: AutomationId.parse(automation),
                outcome,
                reason,
                notification_id: notification ? NotificationId.parse(notification) : null,
              },
            ],
      ),
    };
  }
}

const toldOf = (organization: string, event: PostEvent, bodyHash: Buffer): ToldEvent => ({
  organization,
  id: newId(),
  eventId: event.event_id,
  bodyHash,
  name: event.name,
  phone: event.phone_number,
  email: event.email ?? null,
  variables: event.variables,
  date: event.date ?? null,
  timeZone: event.time_zone ?? null,
  session: null,
  relatedType: event.related_type ?? null,
  relatedId: event.related_id ?? null,
});
