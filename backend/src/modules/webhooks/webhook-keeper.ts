import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { OrganizationId, WebhookEndpointId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AlertRaiser } from '../alerts/alert-raiser.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { systemIn } from '../auth/caller.ts';
import { webhookEndpointUpdated } from './webhooks.events.ts';
import { FAILURES_TO_PAUSE } from './webhooks.rules.ts';

/** An endpoint that takes nothing for so long is an alert, */
const ALERT_AFTER = '30 minutes';
/** and after so long it is switched off. */
const DISABLE_AFTER = '5 days';
/** What expired is given up so much later: its last try may be under way. */
const EXPIRY_GRACE = '10 minutes';

/** Rows in one statement, and statements in one round. */
const BATCH = 1_000;
const ROUNDS = 20;

type Row = { organization_id: string; id: string };

const EXPIRE = `with over as (
    select d.organization_id, d.id, e.enabled from private.webhook_deliveries d
      join private.webhook_endpoints e on e.organization_id = d.organization_id and e.id = d.endpoint_id
     where d.state = 'waiting' and d.expires_at < now() - interval '${EXPIRY_GRACE}' and (d.claimed_until is null or d.claimed_until < now())
       and (d.attempts > 0 or not e.enabled or e.failing_since < d.expires_at)
       and not exists (select from private.organization_suspensions s where s.organization_id = d.organization_id)
     limit ${BATCH} for no key update of d skip locked
  )
  update private.webhook_deliveries d set state = 'failed', settled_at = now(), claimed_until = null,
         last_error = coalesce(d.last_error, case when over.enabled then 'endpoint_failing' else 'endpoint_disabled' end)
    from over where d.organization_id = over.organization_id and d.id = over.id`;

const FORGET = `delete from private.webhook_events v where (v.organization_id, v.id) in (
    select organization_id, id from private.webhook_events o where o.created_at < now() - $1 * interval '1 day'
       and not exists (select from private.webhook_deliveries d where d.organization_id = o.organization_id and d.event_id = o.id
             and (d.state = 'waiting' or d.settled_at > now() - $1 * interval '1 day'))
     limit ${BATCH})`;

/** Endpoints for which something has to be done that is not done yet: whoever looks finds it, also after a crash. */
const TO_RAISE = `select organization_id, id from private.webhook_endpoints where alerted_at is null and (
    disabled_reason in ('gone', 'failing') or enabled and failures >= ${FAILURES_TO_PAUSE} and failing_since < now() - interval '${ALERT_AFTER}') limit ${BATCH}`;
const TO_RESOLVE = `select organization_id, id from private.webhook_endpoints
  where alerted_at is not null and (last_success_at > alerted_at or disabled_reason = 'person') limit ${BATCH}`;
const TO_DISABLE = `select organization_id, id from private.webhook_endpoints
  where enabled and failing_since < now() - interval '${DISABLE_AFTER}' limit ${BATCH}`;

/** Gives up what expired, switches off what is dead, tells people, and forgets what is old. Any node does, each minute. */
@Injectable()
export class WebhookKeeper {
  private readonly log = new Logger(WebhookKeeper.name);

  constructor(
    private readonly config: Config,
    private readonly system: SystemDb,
    private readonly db: TenantDb,
    private readonly alerts: AlertRaiser,
    private readonly audit: AuditTrail,
    private readonly facts: Facts,
    private readonly signals: Signals,
  ) {}

  async keepHouse(): Promise<void> {
    await this.inBatches(EXPIRE);
    // Nothing leaves an endpoint without its time while something waits; were it so, this would find it.
    await this.system.query(
      `update private.webhook_endpoints e set due_at = now() where due_at is null and enabled and exists (
         select from private.webhook_deliveries d where d.organization_id = e.organization_id and d.endpoint_id = e.id and d.state = 'waiting')`,
    );
    await this.each(TO_DISABLE, (of) => this.disable(of));
    await this.each(TO_RAISE, (of) => this.raise(of));
    await this.each(TO_RESOLVE, (of) => this.resolve(of));
    await this.inBatches(FORGET, [this.config.webhooks.logDays]);
    await this.system.query(`delete from private.webhook_secrets where expires_at < now() - interval '1 day'`);
  }

  private async inBatches(statement: string, values: unknown[] = []): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1)
      if (((await this.system.query(statement, values)).rowCount ?? 0) < BATCH) return;
  }

  private async each(which: string, work: (of: Of) => Promise<boolean>): Promise<void> {
    const { rows } = await this.system.query<Row>(which);
    for (const row of rows) {
      const of = {
        organization: OrganizationId.parse(row.organization_id),
        webhookEndpoint: WebhookEndpointId.parse(row.id),
      };
      if (!(await work(of))) continue;
      this.alerts.wake();
      this.signals.send('facts', { organization: of.organization });
    }
  }

  private disable({ organization, webhookEndpoint: id }: Of): Promise<boolean> {
    return this.db.asTenantSql(organization, async (sql) => {
      const { rowCount } = await sql.query(
        `update private.webhook_endpoints set enabled = false, disabled_reason = 'failing', disabled_at = now()
          where id = $1 and enabled and failing_since < now() - interval '${DISABLE_AFTER}'`,
        [id],
      );
      if (rowCount === 0) return false;
      await this.audit.addSql(sql, systemIn(organization), {
        action: 'webhook_endpoint.disabled',
        target: { type: 'webhook_endpoint', id },
        changes: { enabled: { from: true, to: false } },
      });
      await this.facts.addSql(sql, webhookEndpointUpdated(organization, id));
      this.log.warn({ organization, endpoint: id }, 'a webhook endpoint that took nothing for days was switched off');
      return true;
    });
  }

  private raise(of: Of): Promise<boolean> {
    return this.db.asTenantSql(of.organization, async (sql) => {
      const { rowCount } = await sql.query(
        'update private.webhook_endpoints set alerted_at = now() where id = $1 and alerted_at is null and failing_since is not null',
        [of.webhookEndpoint],
      );
      return rowCount === 1 && this.alerts.raise(sql, of, 'webhook_failing');
    });
  }

  private resolve(of: Of): Promise<boolean> {
    return this.db.asTenantSql(of.organization, async (sql) => {
      const { rows } = await sql.query<{ enabled: boolean }>(
        `update private.webhook_endpoints set alerted_at = null
          where id = $1 and alerted_at is not null and (last_success_at > alerted_at or disabled_reason = 'person') returning enabled`,
        [of.webhookEndpoint],
      );
      const [row] = rows;
      return row !== undefined && this.alerts.resolveAll(sql, of, row.enabled ? 'recovered' : 'withdrawn');
    });
  }
}

type Of = Readonly<{ organization: OrganizationId; webhookEndpoint: WebhookEndpointId }>;
