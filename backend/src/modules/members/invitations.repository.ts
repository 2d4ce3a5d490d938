import { Injectable } from '@nestjs/common';
import type { Invitation as Row } from '../../generated/prisma/client.ts';
import { InvitationId, OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import type { Role } from '../auth/permissions.ts';

export type Invitation = Readonly<Omit<Row, 'id' | 'organizationId' | 'role' | 'tokenHash'>> &
  Readonly<{ id: InvitationId; organizationId: OrganizationId; role: Role }>;

/** All but the hash, which no tenant can read. */
const SHOWN = {
  organizationId: true,
  id: true,
  email: true,
  role: true,
  invitedBy: true,
  createdAt: true,
  expiresAt: true,
} as const;

@Injectable()
export class InvitationsRepository {
  constructor(private readonly system: SystemDb) {}

  /** The newest first. */
  async list(tx: TenantTx): Promise<Invitation[]> {
    return (await tx.invitation.findMany({ select: SHOWN, orderBy: { id: 'desc' } })) as Invitation[];
  }

  async find(tx: TenantTx, id: InvitationId): Promise<Invitation | null> {
    return (await tx.invitation.findFirst({ select: SHOWN, where: { id } })) as Invitation | null;
  }

  /** Takes the place of an older one for the same address. */
  async create(tx: TenantTx, invitation: Omit<Invitation, 'createdAt'>, tokenHash: Buffer): Promise<Invitation> {
    await tx.invitation.deleteMany({ where: { email: invitation.email } });
    const data = { ...invitation, tokenHash: Uint8Array.from(tokenHash) };
    return (await tx.invitation.create({ select: SHOWN, data })) as Invitation;
  }

  /** @returns false when it is there no more */
  async delete(tx: TenantTx, id: InvitationId): Promise<boolean> {
    return (await tx.invitation.deleteMany({ where: { id } })).count > 0;
  }

  /** Where a link leads: asked by people who are no members, so as the system. Null when it has expired, too. */
  async byToken(tokenHash: Buffer): Promise<{ organization: OrganizationId; id: InvitationId } | null> {
    const { rows } = await this.system.query<{ organization_id: string; id: string }>(
      'select organization_id, id from private.invitations where token_hash = $1 and expires_at > now()',
      [tokenHash],
    );
    const [row] = rows;
    return row ? { organization: OrganizationId.parse(row.organization_id), id: InvitationId.parse(row.id) } : null;
  }
}
