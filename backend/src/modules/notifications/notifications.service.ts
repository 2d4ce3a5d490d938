import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { NotificationId, OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Caller } from '../auth/caller.ts';
import type { ListNotifications, NotificationPage, NotificationView } from './notifications.dto.ts';
import { NotificationNotCancellable, NotificationNotFound } from './notifications.errors.ts';
import { NotificationsRepository } from './notifications.repository.ts';
import { notificationView } from './notifications.views.ts';

@Injectable()
export class NotificationsService {
  constructor(
    private readonly db: TenantDb,
    private readonly notifications: NotificationsRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list(organization: OrganizationId, query: ListNotifications): Promise<NotificationPage> {
    const { rows, next } = await this.db.asTenant(organization, (tx) =>
      this.notifications.list(tx, organization, query),
    );
    return { items: rows.map(notificationView), next_cursor: next };
  }

  /** @throws NotificationNotFound */
  async get(organization: OrganizationId, id: NotificationId): Promise<NotificationView> {
    const found = await this.db.asTenant(organization, (tx) => this.notifications.find(tx, id));
    if (!found) throw new NotificationNotFound(id);
    return notificationView(found);
  }

  /** @throws NotificationNotFound | NotificationNotCancellable */
  async cancel(by: Caller, id: NotificationId): Promise<NotificationView> {
    await this.db.asTenant(by.organization, async (tx) => {
      const found = await this.notifications.find(tx, id);
      if (!found) throw new NotificationNotFound(id);
      if (!(await this.notifications.cancel(tx, id, this.clock.now())))
        throw new NotificationNotCancellable(found.state);
      await this.audit.add(tx, by, { action: 'notification.cancelled', target: { type: 'notification', id } });
    });
    return this.get(by.organization, id);
  }
}
