import { Injectable } from '@nestjs/common';
import { type OrganizationId, UserId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import type { Role } from '../auth/permissions.ts';

export type Member = Readonly<{ id: UserId; email: string; name: string; role: Role; joinedAt: Date }>;

@Injectable()
export class MembersRepository {
  /** The oldest first. */
  async list(tx: TenantTx): Promise<Member[]> {
    const rows = await tx.membership.findMany({
      include: { user: true },
      orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
    });
    return rows.map(({ user, role, createdAt }) => ({
      id: UserId.parse(user.id),
      email: user.email,
      name: user.name,
      role: role as Role,
      joinedAt: createdAt,
    }));
  }

  /**
   * As `list`, and nobody else decides on members until this transaction ends. Locks the organization's row so that what
   * refers to it (every new message) does not wait.
   */
  async lock(tx: TenantTx): Promise<Member[]> {
    await tx.$queryRaw`select 1 from organizations for no key update`;
    return this.list(tx);
  }

  async add(tx: TenantTx, organizationId: OrganizationId, userId: UserId, role: Role): Promise<void> {
    await tx.membership.create({ data: { organizationId, userId, role } });
  }

  async saveRole(tx: TenantTx, userId: UserId, role: Role): Promise<void> {
    await tx.membership.updateMany({ where: { userId }, data: { role } });
  }

  async remove(tx: TenantTx, userId: UserId): Promise<void> {
    await tx.membership.deleteMany({ where: { userId } });
  }
}
