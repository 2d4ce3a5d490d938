import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type Alert as Row } from '../../generated/prisma/client.ts';
import { AlertId, type OrganizationId, SessionId, type UserId, WebhookEndpointId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, pageOf } from '../../platform/http/cursor.ts';
import type { AlertKind, AlertResolution, AlertSettings, AlertSummary, AlertView, ListAlerts } from './alerts.dto.ts';

const Cursor = z.tuple([z.uuid()]);

const WITH_NAME = { session: { select: { name: true } }, webhookEndpoint: { select: { url: true } } } as const;

@Injectable()
export class AlertsRepository {
  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    { status, cursor, limit }: ListAlerts,
  ): Promise<{ items: AlertView[]; next_cursor: string | null }> {
    const before = decodeCursor(organization, Cursor, cursor);
    const found = await tx.alert.findMany({
      where: { ...(status === 'open' ? { resolvedAt: null } : {}), ...(before ? { id: { lt: before[0] } } : {}) },
      include: WITH_NAME,
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return pageOf(organization, found, limit, toView);
  }

  async summary(tx: TenantTx): Promise<AlertSummary> {
    const [open, unacknowledged] = [
      await tx.alert.count({ where: { resolvedAt: null } }),
      await tx.alert.count({ where: { resolvedAt: null, acknowledgedAt: null } }),
    ];
    return { open, unacknowledged };
  }

  async find(tx: TenantTx, id: AlertId): Promise<AlertView | null> {
    const row = await tx.alert.findFirst({ where: { id }, include: WITH_NAME });
    return row && toView(row);
  }

  /** @param id null: every open one @returns those that nobody had acknowledged before */
  async acknowledge(
    tx: TenantTx,
    id: AlertId | null,
    by: string,
  ): Promise<{ id: AlertId; session: SessionId | null; webhookEndpoint: WebhookEndpointId | null; kind: AlertKind }[]> {
    const rows = await tx.$queryRaw<
      { id: string; session_id: string | null; webhook_endpoint_id: string | null; kind: AlertKind }[]
    >`
      update alerts set acknowledged_at = now(), acknowledged_by = ${by}
       where acknowledged_at is null and (id = ${id}::uuid or ${id}::uuid is null and resolved_at is null)
      returning id, session_id, webhook_endpoint_id, kind`;
    return rows.map((row) => ({
      id: AlertId.parse(row.id),
      ...subjectOf(row.session_id, row.webhook_endpoint_id),
      kind: row.kind,
    }));
  }

  /** What a member decided, or what holds as long as he did not. Null for who is none. */
  async settings(tx: TenantTx, user: UserId): Promise<AlertSettings | null> {
    const [row] = await tx.$queryRaw<AlertSettings[]>`
      select coalesce(a.by_mail, m.role in ('owner', 'admin')) as by_mail, coalesce(a.language, o.language) as language
        from memberships m join organizations o on o.id = m.organization_id
        left join private.alert_settings a on a.organization_id = m.organization_id and a.user_id = m.user_id
       where m.user_id = ${user}::uuid`;
    return row ?? null;
  }

  async saveSettings(
    tx: TenantTx,
    organization: OrganizationId,
    user: UserId,
    { by_mail, language }: AlertSettings,
  ): Promise<void> {
    await tx.$executeRaw`
      insert into private.alert_settings (organization_id, user_id, by_mail, language)
      values (${organization}::uuid, ${user}::uuid, ${by_mail}, ${language})
      on conflict (organization_id, user_id) do update set by_mail = excluded.by_mail, language = excluded.language`;
  }
}

const subjectOf = (session: string | null, webhookEndpoint: string | null) => ({
  session: SessionId.nullable().parse(session),
  webhookEndpoint: WebhookEndpointId.nullable().parse(webhookEndpoint),
});

const toView = (
  row: Row & { session: { name: string } | null; webhookEndpoint: { url: string } | null },
): AlertView => ({
  id: AlertId.parse(row.id),
  session_id: SessionId.nullable().parse(row.sessionId),
  session_name: row.session?.name ?? null,
  webhook_endpoint_id: WebhookEndpointId.nullable().parse(row.webhookEndpointId),
  webhook_host: row.webhookEndpoint && new URL(row.webhookEndpoint.url).host,
  kind: row.kind as AlertKind,
  occurrences: row.occurrences,
  raised_at: row.raisedAt.toISOString(),
  last_raised_at: row.lastRaisedAt.toISOString(),
  acknowledged_at: row.acknowledgedAt?.toISOString() ?? null,
  acknowledged_by: row.acknowledgedBy,
  resolved_at: row.resolvedAt?.toISOString() ?? null,
  resolution: row.resolution as AlertResolution | null,
});
