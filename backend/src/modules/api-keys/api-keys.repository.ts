import { Injectable } from '@nestjs/common';
import type { ApiKey as Row } from '../../generated/prisma/client.ts';
import type { ApiKeyId, OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import type { Scope } from '../auth/permissions.ts';

export type ApiKey = Readonly<Omit<Row, 'id' | 'organizationId' | 'scopes' | 'hash' | 'revokedAt'>> &
  Readonly<{ id: ApiKeyId; organizationId: OrganizationId; scopes: Scope[] }>;

/** All but the hash, which no tenant can read. */
const SHOWN = {
  organizationId: true,
  id: true,
  name: true,
  scopes: true,
  hint: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const;

@Injectable()
export class ApiKeysRepository {
  /** The newest first, without those that were revoked. */
  async list(tx: TenantTx): Promise<ApiKey[]> {
    const rows = await tx.apiKey.findMany({ select: SHOWN, where: { revokedAt: null }, orderBy: { id: 'desc' } });
    return rows as ApiKey[];
  }

  async create(tx: TenantTx, key: Omit<ApiKey, 'createdAt' | 'lastUsedAt'>, hash: Buffer): Promise<ApiKey> {
    return (await tx.apiKey.create({ select: SHOWN, data: { ...key, hash: Uint8Array.from(hash) } })) as ApiKey;
  }

  /** @returns the key, or null when there is none, or none any more; of two who revoke it at once, one gets it */
  async revoke(tx: TenantTx, id: ApiKeyId, now: Date): Promise<ApiKey | null> {
    const { count } = await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
    return count === 0 ? null : ((await tx.apiKey.findFirst({ select: SHOWN, where: { id } })) as ApiKey);
  }
}
