import { Injectable } from '@nestjs/common';
import type { OrganizationId, WebhookDeliveryId } from '../../kernel/ids.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Caller } from '../auth/caller.ts';
import { replayCursor, WebhookDeliveriesRepository } from './webhook-deliveries.repository.ts';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';
import type {
  ListWebhookDeliveries,
  ReplayQuery,
  ReplayWebhookDeliveries,
  WebhookDeliveryDetail,
  WebhookReplay,
} from './webhooks.dto.ts';
import { WebhookDeliveryNotFound, WebhookEndpointDisabled, WebhookEndpointNotFound } from './webhooks.errors.ts';

/** Deliveries in one transaction, and transactions of one call. */
const BATCH = 500;
const BATCHES = 20;

/** What was told to an organization's servers, and telling it again. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly db: TenantDb,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  list(organization: OrganizationId, query: ListWebhookDeliveries) {
    return this.db.asTenant(organization, async (tx) => {
      await this.assertEndpoint(tx, query.endpoint_id);
      return this.deliveries.list(tx, organization, query);
    });
  }

  /** @throws WebhookDeliveryNotFound */
  get(organization: OrganizationId, id: WebhookDeliveryId): Promise<WebhookDeliveryDetail> {
    return this.db.asTenant(organization, (tx) => this.find(tx, id));
  }

  /** Tells it again; what waits already is left as it is. @throws WebhookDeliveryNotFound | WebhookEndpointDisabled */
  async replay(by: Caller, id: WebhookDeliveryId): Promise<WebhookDeliveryDetail> {
    const replayed = await this.db.asTenant(by.organization, async (tx) => {
      const found = await this.find(tx, id);
      const endpoint = await this.endpoints.find(tx, found.endpoint_id);
      if (endpoint?.enabled !== true) throw new WebhookEndpointDisabled(found.endpoint_id);
      await this.deliveries.again(tx, [id]);
      await this.audit.add(tx, by, {
        action: 'webhook_delivery.replayed',
        target: { type: 'webhook_delivery', id },
        changes: { type: { to: found.type } },
      });
      return this.find(tx, id);
    });
    this.signals.send('webhook_deliveries', {});
    return replayed;
  }

  /** Tells many again, in batches of their own: one call takes 10,000 and says where the next begins. @throws WebhookEndpointNotFound */
  async replayAll(
    by: Caller,
    { dry_run: dryRun = false, ...asked }: ReplayWebhookDeliveries,
    query: ReplayQuery,
  ): Promise<WebhookReplay> {
    const { organization } = by;
    const after = replayCursor.decode(organization, query);
    const most = BATCH * BATCHES;
    if (dryRun)
      return this.db.asTenant(organization, async (tx) => {
        await this.assertEndpoint(tx, asked.endpoint_id);
        return { count: await this.deliveries.count(tx, asked, most), next_cursor: null };
      });
    let [count, last]: [number, string | null | undefined] = [0, after];
    for (let batch = 0; batch < BATCHES && last !== null; batch += 1) {
      const from = last;
      const done = await this.db.asTenant(organization, async (tx) => {
        await this.assertEndpoint(tx, asked.endpoint_id);
        const step = await this.deliveries.replay(tx, asked, from, BATCH);
        if (step.count > 0 || batch === 0) await this.note(tx, by, asked, step.count);
        return step;
      });
      count += done.count;
      last = done.last;
      this.signals.send('webhook_deliveries', {});
    }
    return { count, next_cursor: last ? replayCursor.encode(organization, last) : null };
  }

  /** One entry for each transaction, so that what is replayed is never without one. */
  private async note(
    tx: TenantTx,
    by: Caller,
    { endpoint_id: endpoint, state, type, from, to }: ReplayWebhookDeliveries,
    count: number,
  ): Promise<void> {
    await this.audit.add(tx, by, {
      action: 'webhook_delivery.replayed',
      target: endpoint ? { type: 'webhook_endpoint', id: endpoint } : { type: 'organization', id: by.organization },
      changes: {
        count: { to: count },
        ...(state ? { state: { to: state } } : {}),
        ...(type ? { type: { to: type } } : {}),
        ...(from ? { from: { to: from } } : {}),
        ...(to ? { to: { to } } : {}),
      },
    });
  }

  private async assertEndpoint(tx: TenantTx, id: string | undefined): Promise<void> {
    if (id !== undefined && !(await this.endpoints.find(tx, id))) throw new WebhookEndpointNotFound(id);
  }

  private async find(tx: TenantTx, id: WebhookDeliveryId): Promise<WebhookDeliveryDetail> {
    const found = await this.deliveries.detail(tx, id);
    if (!found) throw new WebhookDeliveryNotFound(id);
    return found;
  }
}
