import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Automation, Prisma } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import type { ListAutomationRuns, ListAutomations, UpdateAutomation } from './automations.dto.ts';

const Cursor = z.tuple([z.uuid()]);
const WITH_EVENT = { event: true } as const satisfies Prisma.AutomationRunInclude;
export type RunRow = Prisma.AutomationRunGetPayload<{ include: typeof WITH_EVENT }> &
  Readonly<{ notification: { state: string; errorCode: string | null } | null }>;

@Injectable()
export class AutomationsRepository {
  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListAutomations,
  ): Promise<{ rows: Automation[]; next: string | null }> {
    const before = decodeCursor(organization, Cursor, query.cursor)?.[0];
    const found = await tx.automation.findMany({
      ...(before ? { where: { id: { lt: before } } } : {}),
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    return { rows, next: found.length > query.limit && last ? encodeCursor(organization, [last.id]) : null };
  }

  find(tx: TenantTx, id: string): Promise<Automation | null> {
    return tx.automation.findFirst({ where: { id } });
  }

  count(tx: TenantTx): Promise<number> {
    return tx.automation.count();
  }

  create(
    tx: TenantTx,
    organization: OrganizationId,
    fields: Prisma.AutomationUncheckedUpdateInput,
    createdBy: string,
    now: Date,
  ): Promise<Automation> {
    const data = { ...fields, organizationId: organization, id: newId(), createdBy, enabledAt: now };
    return tx.automation.create({ data: data as Prisma.AutomationUncheckedCreateInput });
  }

  update(
    tx: TenantTx,
    organization: OrganizationId,
    id: string,
    data: Prisma.AutomationUncheckedUpdateInput,
  ): Promise<Automation> {
    return tx.automation.update({ where: { organizationId_id: { organizationId: organization, id } }, data });
  }

  async delete(tx: TenantTx, id: string): Promise<void> {
    await tx.automation.deleteMany({ where: { id } });
  }

  /** What came of events, the newest first. */
  async runs(
    tx: TenantTx,
    organization: OrganizationId,
    automationId: string,
    query: ListAutomationRuns,
  ): Promise<{ rows: RunRow[]; next: string | null }> {
    const before = decodeCursor(organization, Cursor, query.cursor)?.[0];
    const found = await tx.automationRun.findMany({
      where: {
        automationId,
        ...(query.outcome ? { outcome: query.outcome } : {}),
        ...(before ? { id: { lt: before } } : {}),
      },
      include: WITH_EVENT,
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    const notifications = await tx.notification.findMany({
      where: { id: { in: page.flatMap(({ notificationId }) => notificationId ?? []) } },
      select: { id: true, state: true, errorCode: true },
    });
    const byId = new Map(notifications.map((one) => [one.id, one]));
    const rows = page.map((one) => ({ ...one, notification: byId.get(one.notificationId ?? '') ?? null }));
    return { rows, next: found.length > query.limit && last ? encodeCursor(organization, [last.id]) : null };
  }
}

/** The columns of what is named. */
export function columnsOf(to: UpdateAutomation): Prisma.AutomationUncheckedUpdateInput {
  const columns: Record<string, unknown> = {
    name: to.name,
    enabled: to.enabled,
    event: to.event,
    keywords: to.keywords,
    keywordMatch: to.keyword_match,
    dayName: to.day_name,
    daysBefore: to.days_before,
    localHour: to.local_hour,
    conditions: to.conditions,
    delayMinutes: to.delay_minutes,
    channel: to.channel,
    sessionId: to.session_id,
    templateId: to.template_id,
    variables: to.variables,
    subject: to.subject,
    priority: to.priority,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
