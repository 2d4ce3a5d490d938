import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Notification, Prisma } from '../../generated/prisma/client.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import type { Channel, ListNotifications, NotificationTrigger } from './notifications.dto.ts';

/** Somebody is to be told something at a time. */
export type NewNotification = Readonly<{
  organization_id: string;
  id: string;
  channel: Channel;
  recipient: string;
  session_id: string | null;
  template_id: string;
  subject: string | null;
  variables: Readonly<Record<string, string>>;
  trigger: NotificationTrigger;
  automation_id: string | null;
  related_type: string | null;
  related_id: string | null;
  /** Told only while somebody has that day. */
  contact_day_id: string | null;
  priority: number;
  scheduled_for: Date;
}>;

/** Takes an array of `NewNotification` as JSON. */
export const INSERT_NOTIFICATIONS = `insert into notifications (organization_id, id, channel, recipient, session_id, template_id, subject, variables,
    trigger, automation_id, related_type, related_id, contact_day_id, priority, scheduled_for, due_at)
  select organization_id, id, channel, recipient, session_id, template_id, subject, variables, trigger, automation_id, related_type, related_id,
         contact_day_id, priority, scheduled_for, scheduled_for
    from jsonb_to_recordset($1::jsonb) as n (organization_id uuid, id uuid, channel text, recipient text, session_id uuid, template_id uuid, subject text,
      variables jsonb, trigger text, automation_id uuid, related_type text, related_id text, contact_day_id uuid, priority smallint, scheduled_for timestamptz)`;

/** Notifications as people look at them. */
@Injectable()
export class NotificationsRepository {
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListNotifications,
  ): Promise<{ rows: Notification[]; next: string | null }> {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), query.cursor)?.[0];
    const found = await tx.notification.findMany({
      where: { ...whereOf(query), ...(before ? { id: { lt: before } } : {}) },
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    return { rows, next: found.length > query.limit && last ? encodeCursor(organization, [last.id]) : null };
  }

  find(tx: TenantTx, id: string): Promise<Notification | null> {
    return tx.notification.findFirst({ where: { id } });
  }

  async add(tx: TenantTx, notification: NewNotification): Promise<void> {
    await tx.$executeRawUnsafe(INSERT_NOTIFICATIONS, JSON.stringify([notification]));
  }

  /** @returns false when it waits no more */
  async cancel(tx: TenantTx, id: string, at: Date): Promise<boolean> {
    const { count } = await tx.notification.updateMany({
      where: { id, state: 'pending' },
      data: { state: 'cancelled', dueAt: null, settledAt: at, errorCode: null, errorDetail: null },
    });
    return count > 0;
  }
}

function whereOf({
  state,
  channel,
  automation_id: automationId,
  recipient,
  from,
  to,
}: ListNotifications): Prisma.NotificationWhereInput {
  return {
    ...(state ? { state } : {}),
    ...(channel ? { channel } : {}),
    ...(automationId ? { automationId } : {}),
    ...(recipient
      ? { recipient: { contains: recipient.replaceAll(/[\\%_]/g, String.raw`\$&`), mode: 'insensitive' } }
      : {}),
    ...(from || to
      ? { createdAt: { ...(from ? { gte: new Date(from) } : {}), ...(to ? { lt: new Date(to) } : {}) } }
      : {}),
  };
}
