import { Injectable } from '@nestjs/common';
import { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { Sealer, UnsealError } from '../../platform/encryption/sealer.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { placeOf } from './alert-destinations.repository.ts';
import type { DestinationFormat } from './alerts.dto.ts';
import { alertDestinationUpdated } from './alerts.events.ts';
import type { Outcome } from './webhook-outcome.ts';

/** Something that this node has to tell, and how often it was tried, this time included. */
export type ClaimedDelivery = Readonly<{
  id: string;
  organization: OrganizationId;
  destination: string;
  isTest: boolean;
  attempts: number;
  text: string;
  format: DestinationFormat;
  /** Null when its encryption key is gone. */
  url: string | null;
}>;

/** How long a node has for what it took; then another takes it. */
const CLAIM_MS = 60_000;
/** What was told is remembered for so long, and as long as the alert is open: its end is told where it was told. */
const KEPT_DAYS = 7;

type Row = {
  id: string;
  organization_id: string;
  destination_id: string;
  alert_id: string | null;
  attempts: number;
  text: string;
  format: DestinationFormat;
  key_id: string;
  sealed: Buffer;
};

/** What waits to be told elsewhere, and what became of it. */
@Injectable()
export class AlertDeliveriesRepository {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
    private readonly facts: Facts,
  ) {}

  /** Takes what is due, so that no other node does for a while; of an alert its end only once its beginning was told. */
  async claim(limit: number): Promise<ClaimedDelivery[]> {
    const { rows } = await this.system.query<Row>({
      name: 'alert_deliveries.claim',
      text: `with due as (
          select d.organization_id, d.id from private.alert_deliveries d
           where d.state = 'waiting' and d.send_after <= now()
             and not exists (select from private.alert_deliveries e where e.organization_id = d.organization_id
                   and e.alert_id = d.alert_id and e.destination_id = d.destination_id and e.state = 'waiting' and e.sequence < d.sequence)
           order by d.send_after limit $1 for update of d skip locked
        )
        update private.alert_deliveries d set attempts = attempts + 1, send_after = now() + $2 * interval '1 ms'
          from due, private.alert_destinations t
         where d.organization_id = due.organization_id and d.id = due.id
           and t.organization_id = d.organization_id and t.id = d.destination_id
        returning d.id, d.organization_id, d.destination_id, d.alert_id, d.attempts, d.text, t.format, t.key_id, t.sealed`,
      values: [limit, CLAIM_MS],
    });
    return rows.map((row) => ({
      id: row.id,
      organization: OrganizationId.parse(row.organization_id),
      destination: row.destination_id,
      isTest: row.alert_id === null,
      attempts: row.attempts,
      text: row.text,
      format: row.format,
      url: this.open(row),
    }));
  }

  /** Writes down what a try came to, and what the destination shows of it. A claim that another node took over meanwhile stays its. */
  async settle({ id, organization, destination, attempts }: ClaimedDelivery, outcome: Outcome): Promise<void> {
    await this.system.transaction(async (sql) => {
      const error = outcome.state === 'sent' ? null : outcome.error;
      const { rowCount } = await sql.query(
        `update private.alert_deliveries
            set state = $3, error = $4, settled_at = case when $3 <> 'waiting' then now() end,
                send_after = case when $3 = 'waiting' then now() + $5 * interval '1 ms' else send_after end
          where organization_id = $1 and id = $2 and state = 'waiting' and (attempts = $6 or $3 = 'sent')`,
        [organization, id, outcome.state, error, outcome.state === 'waiting' ? outcome.inMs : 0, attempts],
      );
      if (rowCount === 0 || outcome.state === 'waiting') return;
      await sql.query(
        `update private.alert_destinations
            set last_sent_at = case when $3::text is null then now() else last_sent_at end, last_error = $3,
                failing_since = case when $3 is not null then coalesce(failing_since, now()) end
          where organization_id = $1 and id = $2`,
        [organization, destination, error],
      );
      await this.facts.addSql(sql, alertDestinationUpdated(organization, destination));
    });
  }

  async keepHouse(): Promise<void> {
    await this.system.query(
      `delete from private.alert_deliveries d where settled_at < now() - interval '${KEPT_DAYS} days'
          and not exists (select from alerts a where a.organization_id = d.organization_id and a.id = d.alert_id and a.resolved_at is null)`,
    );
  }

  private open({ destination_id: destination, key_id: keyId, sealed }: Row): string | null {
    try {
      return this.sealer.open({ keyId, sealed }, placeOf(destination)).toString();
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}
