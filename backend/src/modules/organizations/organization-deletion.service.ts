import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import type { Session } from '../sessions/sessions.repository.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { NotDeleted, OrganizationNameMismatch } from './organizations.errors.ts';
import { organizationDeleted, organizationRestored } from './organizations.events.ts';

const DAY_MS = 86_400_000;

/**
 * Deletes an organization: in one transaction its numbers are asked to be unlinked, no key and no invitation works any more,
 * and what has not left stays unsaid. Its members look at it and change nothing, until an owner takes it back or its grace
 * time is over; the reaper does the rest.
 */
@Injectable()
export class OrganizationDeletionService {
  constructor(
    private readonly config: Config,
    private readonly db: TenantDb,
    private readonly sessions: SessionsRepository,
    private readonly facts: Facts,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** Asked again it changes nothing. @param name the organization's, as a person typed it @throws OrganizationNameMismatch */
  async request(by: Caller, name: string): Promise<void> {
    const { organization } = by;
    const sessions = await this.db.asTenant(organization, async (tx) => {
      await this.sessions.holdOrganization(tx);
      const { name: real } = await tx.organization.findUniqueOrThrow({ where: { id: organization } });
      if (normal(name) !== normal(real)) throw new OrganizationNameMismatch();
      if ((await tx.organizationDeletion.count()) > 0) return [];
      await this.writeDown(tx, by, real);
      await this.silence(tx);
      return this.unlink(tx);
    });
    for (const { id } of sessions) this.signals.send('session', { session: id });
    this.signals.send('facts', { organization });
    this.signals.send('deletions', {});
  }

  /** Takes it back. Its numbers are linked anew by whoever has their phones. @throws NotDeleted */
  async restore(by: Caller): Promise<void> {
    const { organization } = by;
    await this.db.asTenant(organization, async (tx) => {
      await this.sessions.holdOrganization(tx);
      const { count } = await tx.organizationDeletion.deleteMany({ where: { endedAt: null } });
      if (count === 0) throw new NotDeleted();
      await this.facts.add(tx, organizationRestored(organization));
      await this.audit.add(tx, by, {
        action: 'organization.restored',
        target: { type: 'organization', id: organization },
      });
    });
    this.signals.send('facts', { organization });
  }

  private async writeDown(tx: TenantTx, by: Caller, name: string): Promise<void> {
    const { organization, actor, address } = by;
    const dueAt = new Date(this.clock.now().getTime() + this.config.organizations.deletionGraceDays * DAY_MS);
    await tx.organizationDeletion.create({
      data: { organizationId: organization, name, requestedBy: actor.name, address, dueAt },
    });
    await this.facts.add(tx, organizationDeleted(organization));
    await this.audit.add(tx, by, {
      action: 'organization.deletion_requested',
      target: { type: 'organization', id: organization },
      changes: changesBetween({ name }, null),
    });
  }

  private async silence(tx: TenantTx): Promise<void> {
    await tx.invitation.deleteMany();
    await tx.apiKey.updateMany({ where: { revokedAt: null }, data: { revokedAt: this.clock.now() } });
    await tx.$executeRaw`
      with unsaid as (delete from private.outbox returning message_id)
      update messages set status = 'cancelled' from unsaid
       where id = unsaid.message_id and private.status_rank(status) < private.status_rank('cancelled')`;
  }

  private async unlink(tx: TenantTx): Promise<Session[]> {
    const sessions = await this.sessions.list(tx);
    for (const session of sessions) await this.sessions.ask(tx, session, 'log_out');
    return sessions;
  }
}

/** Letters that look the same are the same, however a keyboard puts them together. */
const normal = (name: string): string => name.trim().normalize('NFC');
