import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { Limit } from '../../platform/rate-limits/rate-limits.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';

/** How often programs and people may ask, as of the one plan that there is. */
const REQUEST_LIMITS = {
  perOrganization: { name: 'organization', max: 1_200, windowSeconds: 60 },
  perKey: { name: 'key', max: 600, windowSeconds: 60 },
} as const satisfies Record<string, Limit>;

/** How long files are kept, in days, as of the one plan that there is. */
const MEDIA_RETENTION_DAYS = 365;

/**
 * What an organization's plan allows: the one door that everything with a limit goes through, inside the transaction that
 * would use it. There are no plans yet, so it says yes to all.
 */
@Injectable()
export class Entitlements {
  /** @throws AccountLimitReached when the plan has no room for another number */
  async assertMayAddSession(_tx: TenantTx, _organization: OrganizationId): Promise<void> {}

  /** @throws when the plan has no room for another member */
  async assertMayAddMember(_tx: TenantTx, _organization: OrganizationId): Promise<void> {}

  /** Reserves `count` messages of this month. @throws QuotaExceeded when fewer are left */
  async reserveMessages(_sql: TenantSql, _organization: OrganizationId, _count: number): Promise<void> {}

  /** How many requests an organization has, all its members and keys together, and each key of it. */
  requestLimits(_organization: OrganizationId): Readonly<{ perOrganization: Limit; perKey: Limit }> {
    return REQUEST_LIMITS;
  }

  /** Files older than so many days are not kept. */
  mediaRetentionDays(_organization: OrganizationId): number {
    return MEDIA_RETENTION_DAYS;
  }
}
