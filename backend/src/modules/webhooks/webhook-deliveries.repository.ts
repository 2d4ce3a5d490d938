import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Prisma, WebhookDelivery as Row } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId, WebhookDeliveryId, WebhookEndpointId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../platform/http/cursor.ts';
import { TEST_EVENT } from './webhook-events.ts';
import { CLAIM_MS } from './webhook-queue.repository.ts';
import type {
  ListWebhookDeliveries,
  ReplayQuery,
  WebhookDeliveryDetail,
  WebhookDeliveryState,
  WebhookDeliveryView,
} from './webhooks.dto.ts';
import { EXPIRES_MS } from './webhooks.rules.ts';

const Cursor = z.tuple([z.uuid()]);

const TRIES_SHOWN = 50;

type Filter = Pick<ListWebhookDeliveries, 'endpoint_id' | 'state' | 'type' | 'from' | 'to'>;

/** What was told where, and what is to be told again. */
@Injectable()
export class WebhookDeliveriesRepository {
  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListWebhookDeliveries,
  ): Promise<Page<WebhookDeliveryView>> {
    const before = decodeCursor(organization, Cursor, query.cursor);
    const found = await tx.webhookDelivery.findMany({
      where: { ...whereOf(query), ...(before ? { id: { lt: before[0] } } : {}) },
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    return pageOf(organization, found, query.limit, toView);
  }

  async detail(tx: TenantTx, id: string): Promise<WebhookDeliveryDetail | null> {
    const row = await tx.webhookDelivery.findFirst({
      where: { id },
      include: { endpoint: { select: { url: true } }, event: { select: { body: true } } },
    });
    if (!row) return null;
    const tries = await tx.webhookAttempt.findMany({
      where: { deliveryId: id },
      orderBy: { id: 'desc' },
      take: TRIES_SHOWN,
    });
    return {
      ...toView(row),
      url: row.endpoint.url,
      body: row.event.body,
      tries: tries.map((one) => ({
        id: one.id,
        attempted_at: one.attemptedAt.toISOString(),
        duration_ms: one.durationMs,
        headers: one.headers as Record<string, string>,
        status: one.status,
        answer: one.answer,
        error: one.error,
      })),
    };
  }

  /** A test that this node is about to tell. */
  async addTest(
    tx: TenantTx,
    organization: OrganizationId,
    endpoint: string,
    body: string,
  ): Promise<{ id: string; event: string }> {
    const [id, event] = [newId(), newId()];
    await tx.$executeRaw`insert into private.webhook_events (organization_id, id, type, body, occurred_at)
      values (${organization}::uuid, ${event}::uuid, ${TEST_EVENT}, ${body}, now())`;
    await tx.$executeRaw`insert into private.webhook_deliveries
        (organization_id, id, endpoint_id, event_id, type, attempts, next_attempt_at, claimed_until, expires_at)
      select ${organization}::uuid, ${id}::uuid, ${endpoint}::uuid, ${event}::uuid, ${TEST_EVENT}, 1, until, until, now()
        from (select now() + ${CLAIM_MS}::float8 * interval '1 ms' as until) claim`;
    return { id, event };
  }

  async count(tx: TenantTx, filter: Filter, limit: number): Promise<number> {
    return tx.webhookDelivery.count({ where: settled(filter), take: limit });
  }

  /**
   * Has settled deliveries told again, the oldest first, under the ids and with the bytes that they had. What is told at an
   * endpoint that is switched off, and tests, stay.
   * @returns how many of them, and the last one that was looked at; null when there are no more
   */
  async replay(
    tx: TenantTx,
    filter: Filter,
    after: string | undefined,
    limit: number,
  ): Promise<{ count: number; last: string | null }> {
    const found = await tx.webhookDelivery.findMany({
      select: { id: true },
      where: { ...settled(filter), ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: limit,
    });
    const count = await this.again(
      tx,
      found.map(({ id }) => id),
    );
    return { count, last: found.length === limit ? (found.at(-1)?.id ?? null) : null };
  }

  /** @returns how many of these are told again */
  async again(tx: TenantTx, ids: readonly string[]): Promise<number> {
    const rows = await tx.$queryRaw<{ again: bigint }[]>`
      with held as (
        select e.id from private.webhook_endpoints e where e.enabled
           and e.id in (select d.endpoint_id from private.webhook_deliveries d where d.id = any (${ids}::uuid[]))
         order by e.id for no key update
      ), again as (
        update private.webhook_deliveries d set state = 'waiting', attempts = 0, settled_at = null, replayed_at = now(), next_attempt_at = now(),
               claimed_until = null, expires_at = now() + ${EXPIRES_MS}::float8 * interval '1 ms'
         where d.id = any (${ids}::uuid[]) and d.state <> 'waiting' and d.endpoint_id in (select id from held)
        returning d.endpoint_id
      ), due as (
        update private.webhook_endpoints e set due_at = least(e.due_at, greatest(now(), e.paused_until))
         where e.id in (select endpoint_id from again)
      )
      select count(*) as again from again`;
    return Number(rows[0]?.again ?? 0);
  }
}

function whereOf({ endpoint_id: endpointId, state, type, from, to }: Filter): Prisma.WebhookDeliveryWhereInput {
  return {
    ...(endpointId ? { endpointId } : {}),
    ...(state ? { state } : {}),
    ...(type ? { type } : {}),
    ...(from || to
      ? { createdAt: { ...(from ? { gte: new Date(from) } : {}), ...(to ? { lt: new Date(to) } : {}) } }
      : {}),
  };
}

const settled = (filter: Filter): Prisma.WebhookDeliveryWhereInput => ({
  AND: [whereOf(filter), { state: { not: 'waiting' }, type: { not: TEST_EVENT }, endpoint: { enabled: true } }],
});

const toView = (row: Row): WebhookDeliveryView => ({
  id: WebhookDeliveryId.parse(row.id),
  endpoint_id: WebhookEndpointId.parse(row.endpointId),
  event_id: row.eventId,
  type: row.type,
  state: row.state as WebhookDeliveryState,
  attempts: row.attempts,
  next_attempt_at: row.state === 'waiting' ? row.nextAttemptAt.toISOString() : null,
  last_status: row.lastStatus,
  last_error: row.lastError,
  created_at: row.createdAt.toISOString(),
  settled_at: row.settledAt?.toISOString() ?? null,
  replayed_at: row.replayedAt?.toISOString() ?? null,
});

export const replayCursor = {
  encode: (organization: string, id: string) => encodeCursor(`${organization} replay`, [id]),
  decode: (organization: string, { cursor }: ReplayQuery) =>
    decodeCursor(`${organization} replay`, Cursor, cursor)?.[0],
};
