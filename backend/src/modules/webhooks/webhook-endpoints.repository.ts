import { Injectable } from '@nestjs/common';
import { type Prisma, type WebhookEndpoint as Row } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId, WebhookEndpointId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { isWebhookEventType } from './webhook-events.ts';
import { newWebhookSecret, placeOf } from './webhook-secrets.ts';
import type { WebhookDisabledReason, WebhookEndpointView } from './webhooks.dto.ts';

/** Nobody reads on beyond it. */
const COUNT_MAX = 1_000;
/** For how long the secret before a new one signs beside it. */
const OVERLAP = '24 hours';

type Counts = { endpoint_id: string; waiting: number; failed: number; previous_until: Date | null };

/** Where organizations are told what happens. Who makes an endpoint is shown its secret once; only the nodes can read it. */
@Injectable()
export class WebhookEndpointsRepository {
  constructor(private readonly sealer: Sealer) {}

  /** In the order of their making. */
  async list(tx: TenantTx): Promise<WebhookEndpointView[]> {
    return this.views(tx, await tx.webhookEndpoint.findMany({ orderBy: { id: 'asc' } }));
  }

  async find(tx: TenantTx, id: string): Promise<WebhookEndpointView | null> {
    return (await this.views(tx, await tx.webhookEndpoint.findMany({ where: { id } })))[0] ?? null;
  }

  async create(
    tx: TenantTx,
    organizationId: OrganizationId,
    endpoint: Pick<Row, 'url' | 'description' | 'eventTypes' | 'createdBy'> & { enabled: boolean },
  ): Promise<{ id: WebhookEndpointId; secret: string }> {
    const id = WebhookEndpointId.parse(newId());
    const off = endpoint.enabled ? {} : { disabledReason: 'person', disabledAt: new Date() };
    await tx.webhookEndpoint.create({ data: { ...endpoint, ...off, organizationId, id } });
    return { id, secret: await this.addSecret(tx, organizationId, id) };
  }

  async update(tx: TenantTx, organizationId: OrganizationId, id: string, change: Prisma.WebhookEndpointUpdateInput) {
    await tx.webhookEndpoint.update({ where: { organizationId_id: { organizationId, id } }, data: change });
  }

  /** Has what waits there looked at. */
  async wake(tx: TenantTx, id: string): Promise<void> {
    await tx.$executeRaw`update private.webhook_endpoints set due_at = now() where id = ${id}::uuid and enabled`;
  }

  /** With all that is to be told there, and was. @returns false when it is there no more */
  async delete(tx: TenantTx, id: string): Promise<boolean> {
    return (await tx.webhookEndpoint.deleteMany({ where: { id } })).count > 0;
  }

  /** A new secret; the one before ends when the overlap is over, and any before that now. */
  async rotate(tx: TenantTx, organization: OrganizationId, id: string): Promise<string> {
    await tx.$executeRaw`delete from private.webhook_secrets where endpoint_id = ${id}::uuid and expires_at is not null`;
    await tx.$executeRawUnsafe(
      `update private.webhook_secrets set expires_at = now() + interval '${OVERLAP}' where endpoint_id = $1::uuid and expires_at is null`,
      id,
    );
    return this.addSecret(tx, organization, id);
  }

  /** Until the transaction ends, no other adds one. */
  async holdOrganization(tx: TenantTx): Promise<void> {
    await tx.$queryRaw`select from organizations for no key update`;
  }

  /** Until the transaction ends, no try of it is written down, and nobody else changes it. */
  async hold(tx: TenantTx, id: string): Promise<void> {
    await tx.$queryRaw`select from private.webhook_endpoints where id = ${id}::uuid for no key update`;
  }

  private async addSecret(tx: TenantTx, organization: OrganizationId, endpoint: string): Promise<string> {
    const [id, secret] = [newId(), newWebhookSecret()];
    const { keyId, sealed } = this.sealer.seal(Buffer.from(secret), placeOf(id));
    await tx.$executeRaw`insert into private.webhook_secrets (organization_id, id, endpoint_id, key_id, sealed)
      values (${organization}::uuid, ${id}::uuid, ${endpoint}::uuid, ${keyId}, ${sealed})`;
    return secret;
  }

  private async views(tx: TenantTx, rows: readonly Row[]): Promise<WebhookEndpointView[]> {
    const counted = await tx.$queryRaw<Counts[]>`
      select e.id as endpoint_id,
        (select count(*)::int from (select from private.webhook_deliveries d where d.endpoint_id = e.id and d.state = 'waiting' limit ${COUNT_MAX}) w) as waiting,
        (select count(*)::int from (select from private.webhook_deliveries d where d.endpoint_id = e.id and d.state = 'failed' limit ${COUNT_MAX}) f) as failed,
        (select expires_at from private.webhook_secrets s where s.endpoint_id = e.id and s.expires_at > now() limit 1) as previous_until
        from private.webhook_endpoints e where e.id = any (${rows.map(({ id }) => id)}::uuid[])`;
    return rows.map((row) =>
      toView(
        row,
        counted.find(({ endpoint_id: id }) => id === row.id),
      ),
    );
  }
}

function toView(row: Row, counts: Counts | undefined): WebhookEndpointView {
  const time = (at: Date | null | undefined) => at?.toISOString() ?? null;
  return {
    id: WebhookEndpointId.parse(row.id),
    url: row.url,
    description: row.description,
    event_types: row.eventTypes.length > 0 ? row.eventTypes.filter(isWebhookEventType) : null,
    enabled: row.enabled,
    disabled_reason: row.disabledReason as WebhookDisabledReason | null,
    disabled_at: time(row.disabledAt),
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    last_success_at: time(row.lastSuccessAt),
    failing_since: time(row.failingSince),
    last_failure_at: time(row.lastFailureAt),
    last_error: row.lastError,
    waiting: counts?.waiting ?? 0,
    failed: counts?.failed ?? 0,
    previous_secret_expires_at: time(counts?.previous_until),
  };
}
