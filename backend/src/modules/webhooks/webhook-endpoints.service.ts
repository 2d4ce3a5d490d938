import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import type { OrganizationId, WebhookEndpointId } from '../../kernel/ids.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { assertMayReach } from '../../platform/http/public-address.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.ts';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';
import { bodyOf, TEST_EVENT, type TestData } from './webhook-events.ts';
import { type ClaimedDelivery, WebhookQueueRepository } from './webhook-queue.repository.ts';
import { WebhookSender } from './webhook-sender.ts';
import type {
  CreateWebhookEndpoint,
  UpdateWebhookEndpoint,
  WebhookDeliveryDetail,
  WebhookEndpointView,
  WebhookEndpointWithSecret,
} from './webhooks.dto.ts';
import { WebhookEndpointLimit, WebhookEndpointNotFound } from './webhooks.errors.ts';
import { webhookEndpointUpdated } from './webhooks.events.ts';
import type { z } from 'zod';

const ENDPOINTS_MAX = 20;

/** Where an organization is told what happens. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly db: TenantDb,
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly queue: WebhookQueueRepository,
    private readonly sender: WebhookSender,
    private readonly facts: Facts,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  list(organization: OrganizationId): Promise<WebhookEndpointView[]> {
    return this.db.asTenant(organization, (tx) => this.endpoints.list(tx));
  }

  /** @throws WebhookEndpointNotFound */
  get(organization: OrganizationId, id: WebhookEndpointId): Promise<WebhookEndpointView> {
    return this.db.asTenant(organization, (tx) => this.find(tx, id));
  }

  /** @throws AddressNotAllowed | WebhookEndpointLimit */
  create(by: Caller, wanted: CreateWebhookEndpoint): Promise<WebhookEndpointWithSecret> {
    assertMayReach(wanted.url, this.config.outgoing.allowedNetworks);
    return this.changing(by, async (tx) => {
      await this.endpoints.holdOrganization(tx);
      if ((await this.endpoints.list(tx)).length >= ENDPOINTS_MAX) throw new WebhookEndpointLimit(ENDPOINTS_MAX);
      const { id, secret } = await this.endpoints.create(tx, by.organization, {
        url: wanted.url,
        description: wanted.description ?? '',
        eventTypes: wanted.event_types ?? [],
        enabled: wanted.enabled ?? true,
        createdBy: by.actor.name,
      });
      const created = await this.find(tx, id);
      await this.note(tx, by, 'webhook_endpoint.created', id, changesBetween(null, shown(created)));
      return { ...created, secret };
    });
  }

  /** @throws AddressNotAllowed | WebhookEndpointNotFound */
  update(by: Caller, id: WebhookEndpointId, change: UpdateWebhookEndpoint): Promise<WebhookEndpointView> {
    if (change.url !== undefined) assertMayReach(change.url, this.config.outgoing.allowedNetworks);
    return this.changing(by, async (tx) => {
      await this.endpoints.hold(tx, id);
      const before = await this.find(tx, id);
      await this.endpoints.update(tx, by.organization, id, {
        ...(change.url === undefined ? {} : { url: change.url }),
        ...(change.description === undefined ? {} : { description: change.description }),
        ...(change.event_types === undefined ? {} : { eventTypes: change.event_types ?? [] }),
        ...this.switched(before, change.enabled),
        // Another address is a new beginning: what is due need not wait for what the old one was made to rest for.
        ...(change.url === undefined || change.url === before.url ? {} : { failures: 0, pausedUntil: null }),
      });
      await this.endpoints.wake(tx, id);
      const after = await this.find(tx, id);
      await this.note(tx, by, 'webhook_endpoint.updated', id, changesBetween(shown(before), shown(after)));
      return after;
    });
  }

  private switched(before: WebhookEndpointView, enabled: boolean | undefined) {
    if (enabled === undefined || enabled === before.enabled) return {};
    return enabled
      ? { enabled, disabledReason: null, disabledAt: null, failures: 0, failingSince: null, pausedUntil: null }
      : { enabled, disabledReason: 'person', disabledAt: this.clock.now() };
  }

  /** @throws WebhookEndpointNotFound */
  async delete(by: Caller, id: WebhookEndpointId): Promise<void> {
    await this.changing(by, async (tx) => {
      const found = await this.find(tx, id);
      if (!(await this.endpoints.delete(tx, id))) throw new WebhookEndpointNotFound(id);
      await this.note(tx, by, 'webhook_endpoint.deleted', id, changesBetween(shown(found), null));
    });
  }

  /** Gives it a new secret; for a day the one before signs, too. @throws WebhookEndpointNotFound */
  rotateSecret(by: Caller, id: WebhookEndpointId): Promise<WebhookEndpointWithSecret> {
    return this.changing(by, async (tx) => {
      await this.endpoints.hold(tx, id);
      await this.find(tx, id);
      const secret = await this.endpoints.rotate(tx, by.organization, id);
      await this.note(tx, by, 'webhook_endpoint.secret_rotated', id);
      return { ...(await this.find(tx, id)), secret };
    });
  }

  /** Tells it a test now, once, whether it is switched on or not. @throws WebhookEndpointNotFound */
  async test(by: Caller, id: WebhookEndpointId): Promise<WebhookDeliveryDetail> {
    const { organization } = by;
    const claimedAtMs = this.clock.monotonicMs();
    const data: z.infer<typeof TestData> = { endpoint_id: id, message: 'This is a test from Wasel.' };
    const body = bodyOf(TEST_EVENT, this.clock.now(), data);
    const claimed = await this.db.asTenant(organization, async (tx) => {
      const { url } = await this.find(tx, id);
      const made = await this.deliveries.addTest(tx, organization, id, body);
      await this.note(tx, by, 'webhook_endpoint.tested', id);
      return { ...made, url };
    });
    const secrets = await this.queue.secretsOf([{ organization, endpoint: id }]);
    const delivery: ClaimedDelivery = {
      ...claimed,
      organization,
      endpoint: id,
      type: TEST_EVENT,
      body,
      attempts: 1,
      leftMs: 0,
      secrets: secrets.get(id) ?? null,
    };
    const tried = await this.sender.send(delivery, claimedAtMs);
    if (tried) await this.queue.settle(delivery, tried, 0);
    return this.db.asTenant(organization, async (tx) => {
      const told = await this.deliveries.detail(tx, delivery.id);
      if (!told) throw new WebhookEndpointNotFound(id); // deleted while it was told
      return told;
    });
  }

  private async changing<T>(by: Caller, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const result = await this.db.asTenant(by.organization, work);
    this.signals.send('webhook_deliveries', {});
    this.signals.send('facts', { organization: by.organization });
    return result;
  }

  private async find(tx: TenantTx, id: WebhookEndpointId): Promise<WebhookEndpointView> {
    const found = await this.endpoints.find(tx, id);
    if (!found) throw new WebhookEndpointNotFound(id);
    return found;
  }

  private async note(
    tx: TenantTx,
    by: Caller,
    action: Extract<AuditAction, `webhook_endpoint.${string}`>,
    id: WebhookEndpointId,
    changes = {},
  ): Promise<void> {
    await this.audit.add(tx, by, { action, target: { type: 'webhook_endpoint', id }, changes });
    await this.facts.add(tx, webhookEndpointUpdated(by.organization, id));
  }
}

/** As the audit log names it: what is behind the path of an address may be a secret. */
const shown = ({ url, description, event_types: types, enabled }: WebhookEndpointView) => ({
  url: `${new URL(url).origin}${new URL(url).pathname}`,
  description,
  event_types: types?.join(' ') ?? null,
  enabled,
});
