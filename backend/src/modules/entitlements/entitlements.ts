import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';

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
}
