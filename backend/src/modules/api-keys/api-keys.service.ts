import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { ApiKeyId, newId, type OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { hashSecretToken, newSecretToken } from '../../platform/encryption/secret-token.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import { API_KEY_PREFIX } from '../auth/api-key-verifier.ts';
import type { Caller } from '../auth/caller.ts';
import type { ApiKeyView, CreateApiKey, CreatedApiKey } from './api-keys.dto.ts';
import { ApiKeyNotFound } from './api-keys.errors.ts';
import { type ApiKey, ApiKeysRepository } from './api-keys.repository.ts';

const HINT_LENGTH = 4;

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly clock: Clock,
    private readonly db: TenantDb,
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditTrail,
  ) {}

  async list(organization: OrganizationId): Promise<ApiKeyView[]> {
    return (await this.db.asTenant(organization, (tx) => this.keys.list(tx))).map(toView);
  }

  /** @throws RequestInvalid when it would have expired already */
  async create(by: Caller, { name, scopes, expires_at }: CreateApiKey): Promise<CreatedApiKey> {
    const expiresAt = expires_at === undefined ? null : new Date(expires_at);
    if (expiresAt && expiresAt <= this.clock.now())
      throw new RequestInvalid([{ path: ['expires_at'], message: 'Choose a time that is still to come.' }]);
    const secret = newSecretToken(API_KEY_PREFIX);
    const key = await this.db.asTenant(by.organization, async (tx) => {
      const made = {
        organizationId: by.organization,
        id: ApiKeyId.parse(newId()),
        name,
        scopes: [...new Set(scopes)],
        hint: secret.slice(-HINT_LENGTH),
        createdBy: by.actor.name,
        expiresAt,
      };
      const created = await this.keys.create(tx, made, hashSecretToken(secret));
      await this.audit.add(tx, by, {
        action: 'api_key.created',
        target: { type: 'api_key', id: created.id },
        changes: changesBetween(null, settingsOf(created)),
      });
      return created;
    });
    return { ...toView(key), key: secret };
  }

  /** Ends a key at once. @throws ApiKeyNotFound */
  async revoke(by: Caller, id: ApiKeyId): Promise<void> {
    await this.db.asTenant(by.organization, async (tx) => {
      const revoked = await this.keys.revoke(tx, id, this.clock.now());
      if (!revoked) throw new ApiKeyNotFound(id);
      await this.audit.add(tx, by, {
        action: 'api_key.revoked',
        target: { type: 'api_key', id },
        changes: changesBetween(settingsOf(revoked), null),
      });
    });
  }
}

const settingsOf = ({ name, scopes, expiresAt }: ApiKey) => ({
  name,
  scopes,
  expires_at: expiresAt?.toISOString() ?? null,
});

const toView = (key: ApiKey): ApiKeyView => ({
  id: key.id,
  name: key.name,
  hint: key.hint,
  scopes: key.scopes,
  created_by: key.createdBy,
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
});
