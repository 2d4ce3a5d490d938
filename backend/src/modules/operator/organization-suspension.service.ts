import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb, type SystemSql } from '../../platform/database/system-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Changes } from '../audit/changes.ts';
import { organizationSuspended, organizationUnsuspended } from '../organizations/organizations.events.ts';
import { type OperatorCaller, OperatorTrail } from './operator-trail.ts';
import { OperatorRepository } from './operator.repository.ts';

type Kind = 'suspended' | 'unsuspended';

/**
 * Stops organizations and lets them go on. The row is what holds: a node claims nothing of an organization that has one, and
 * the guard lets nobody in it change anything. The signal only makes it quick.
 */
@Injectable()
export class OrganizationSuspensionService {
  constructor(
    private readonly system: SystemDb,
    private readonly operator: OperatorRepository,
    private readonly trail: OperatorTrail,
    private readonly audit: AuditTrail,
    private readonly facts: Facts,
    private readonly signals: Signals,
  ) {}

  /** @throws OrganizationNotFound */
  async suspend(by: OperatorCaller, organization: OrganizationId, reason: string): Promise<void> {
    await this.system.transaction(async (sql) => {
      const name = await this.operator.hold(sql, organization);
      const before = await this.operator.suspend(sql, organization, reason);
      if (before === reason) return;
      const changes = { reason: before === null ? { to: reason } : { from: before, to: reason } };
      await this.tell(sql, by, { organization, name, kind: 'suspended', changes });
    });
    this.signal(organization);
  }

  /** @throws OrganizationNotFound */
  async unsuspend(by: OperatorCaller, organization: OrganizationId, reason: string): Promise<void> {
    await this.system.transaction(async (sql) => {
      const name = await this.operator.hold(sql, organization);
      if (!(await this.operator.unsuspend(sql, organization))) return;
      await this.tell(sql, by, { organization, name, kind: 'unsuspended', changes: { reason: { to: reason } } });
    });
    this.signal(organization);
  }

  private async tell(
    sql: SystemSql,
    by: OperatorCaller,
    { organization, name, kind, changes }: { organization: OrganizationId; name: string; kind: Kind; changes: Changes },
  ): Promise<void> {
    const target = { type: 'organization', id: organization } as const;
    const action = `organization.${kind}` as const;
    await this.trail.add(sql, by, { action, target: { ...target, name }, changes });
    await this.audit.addSql(sql, { organization, ...by }, { action, target, changes });
    await this.facts.addSql(
      sql,
      kind === 'suspended' ? organizationSuspended(organization) : organizationUnsuspended(organization),
    );
  }

  private signal(organization: OrganizationId): void {
    this.signals.send('suspension', { organization });
    this.signals.send('facts', { organization });
  }
}
