import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { UserId } from '../../kernel/ids.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import { OrganizationNotFound } from '../auth/auth.errors.ts';
import type { Caller } from '../auth/caller.ts';
import { memberRemoved } from '../members/members.events.ts';
import type { Session } from '../sessions/sessions.repository.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { OrganizationNameMismatch } from './organizations.errors.ts';

/**
 * Ends an organization in one transaction: nobody is a member any more, no key and no invitation works, nothing leaves, and
 * its numbers are asked to be unlinked. What is left is taken away by the reaper.
 */
@Injectable()
export class OrganizationDeletionService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsRepository,
    private readonly facts: Facts,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** @param name the organization's, as a person typed it @throws OrganizationNameMismatch */
  async request(by: Caller, name: string): Promise<void> {
    const { organization } = by;
    const sessions = await this.db.asTenant(organization, async (tx) => {
      await this.sessions.holdOrganization(tx); // of two who ask at once, the second finds it gone
      if ((await tx.organizationDeletion.count()) > 0) throw new OrganizationNotFound();
      const { name: real } = await tx.organization.findUniqueOrThrow({ where: { id: organization } });
      if (normal(name) !== normal(real)) throw new OrganizationNameMismatch();
      await this.writeDown(tx, by, real);
      await this.shut(tx, by);
      return this.unlink(tx);
    });
    for (const { id } of sessions) this.signals.send('session', { session: id });
    this.signals.send('facts', { organization });
    this.signals.send('deletions', {});
  }

  private async writeDown(tx: TenantTx, by: Caller, name: string): Promise<void> {
    const { organization, actor, address } = by;
    await tx.organizationDeletion.create({
      data: { organizationId: organization, name, requestedBy: actor.name, address },
    });
    await this.audit.add(tx, by, {
      action: 'organization.deletion_requested',
      target: { type: 'organization', id: organization },
      changes: changesBetween({ name }, null),
    });
  }

  private async shut(tx: TenantTx, { organization }: Caller): Promise<void> {
    const members = await tx.membership.findMany();
    await this.facts.add(tx, ...members.map(({ userId }) => memberRemoved(organization, UserId.parse(userId))));
    await tx.membership.deleteMany();
    await tx.invitation.deleteMany();
    await tx.apiKey.updateMany({ where: { revokedAt: null }, data: { revokedAt: this.clock.now() } });
    await tx.outboxEntry.deleteMany(); // what has not left stays unsaid
  }

  private async unlink(tx: TenantTx): Promise<Session[]> {
    const sessions = await this.sessions.list(tx);
    for (const session of sessions) await this.sessions.ask(tx, session, 'delete');
    return sessions;
  }
}

/** Letters that look the same are the same, however a keyboard puts them together. */
const normal = (name: string): string => name.trim().normalize('NFC');
