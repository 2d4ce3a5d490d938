import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AuditLog, Prisma } from '../../generated/prisma/client.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import type { AuditFilter } from './audit.dto.ts';

export type AuditRow = AuditLog;
export type AuditRows = { rows: AuditRow[]; next: string | null };

const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

@Injectable()
export class AuditRepository {
  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    filter: AuditFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<AuditRows> {
    const before = decodeCursor(organization, Cursor, page.cursor);
    const found = await tx.auditLog.findMany({
      where: {
        ...whereOf(filter),
        ...(before ? { OR: [{ time: { lt: before[0] } }, { time: before[0], id: { lt: before[1] } }] } : {}),
      },
      orderBy: [{ time: 'desc' }, { id: 'desc' }],
      take: page.limit + 1,
    });
    return cutPage(organization, found, page.limit, ({ time, id }) => [time.toISOString(), id]);
  }
}

const whereOf = (filter: AuditFilter): Prisma.AuditLogWhereInput => ({
  ...(filter.actor_type ? { actorType: filter.actor_type } : {}),
  ...(filter.actor_id ? { actorId: filter.actor_id } : {}),
  ...(filter.action ? { action: filter.action } : {}),
  ...(filter.target_type ? { targetType: filter.target_type } : {}),
  ...(filter.target_id ? { targetId: filter.target_id } : {}),
  time: { ...(filter.since ? { gte: filter.since } : {}), ...(filter.until ? { lt: filter.until } : {}) },
});
