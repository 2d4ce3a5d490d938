import { Injectable } from '@nestjs/common';
import type { OrganizationId, UserId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import type { Role } from '../auth/permissions.ts';
import type { MemberView } from './members.dto.ts';
import { memberRemoved, memberRoleChanged } from './members.events.ts';
import { type Member, MembersRepository } from './members.repository.ts';
import { memberToChange } from './members.rules.ts';

@Injectable()
export class MembersService {
  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersRepository,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
  ) {}

  async list(organization: OrganizationId): Promise<MemberView[]> {
    return (await this.db.asTenant(organization, (tx) => this.members.list(tx))).map(toView);
  }

  /** @throws MemberNotFound | NotPermitted | LastOwner */
  async changeRole(by: Caller, id: UserId, role: Role): Promise<MemberView> {
    const { organization } = by;
    const member = await this.db.asTenant(organization, async (tx) => {
      const before = memberToChange(await this.members.lock(tx), { acting: by.actor.id, target: id, role });
      if (before.role === role) return before;
      await this.members.saveRole(tx, id, role);
      await this.facts.add(tx, memberRoleChanged(organization, id, role));
      await this.audit.add(tx, by, {
        action: 'member.role_changed',
        target: { type: 'member', id },
        changes: changesBetween({ role: before.role }, { role }),
      });
      return { ...before, role };
    });
    this.signals.send('facts', { organization });
    return toView(member);
  }

  /** Ends a membership, at once. Whoever ends his own leaves. @throws MemberNotFound | NotPermitted | LastOwner */
  async remove(by: Caller, id: UserId): Promise<void> {
    const { organization } = by;
    await this.db.asTenant(organization, async (tx) => {
      const wanted = { acting: by.actor.id, target: id, role: null };
      const { email, role } = memberToChange(await this.members.lock(tx), wanted);
      await this.members.remove(tx, id);
      await this.facts.add(tx, memberRemoved(organization, id));
      await this.audit.add(tx, by, {
        action: by.actor.id === id ? 'member.left' : 'member.removed',
        target: { type: 'member', id },
        changes: changesBetween({ email, role }, null),
      });
    });
    this.signals.send('facts', { organization });
  }
}

const toView = ({ joinedAt, ...member }: Member): MemberView => ({ ...member, joined_at: joinedAt.toISOString() });
