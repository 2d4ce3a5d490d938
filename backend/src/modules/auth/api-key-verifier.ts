import { Injectable } from '@nestjs/common';
import { ApiKeyId, OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { hashSecretToken } from '../../platform/encryption/secret-token.ts';
import { Unauthenticated } from './auth.errors.ts';
import { type Actor, JOIN_STANDING, type Standing, STANDING_COLUMNS, standingOf, type StandingRow } from './caller.ts';
import type { Scope } from './permissions.ts';

export const API_KEY_PREFIX = 'wsl_';

/** What else comes as a bearer is a person's token. */
export const isApiKey = (bearer: string | undefined): bearer is string => bearer?.startsWith(API_KEY_PREFIX) ?? false;

/** Whose key it is, and what it may do. */
export type VerifiedKey = Readonly<{
  organization: OrganizationId;
  scopes: readonly Scope[];
  actor: Actor;
  standing: Standing;
}>;

type Row = {
  organization_id: string;
  id: string;
  name: string;
  scopes: Scope[];
  use_is_old: boolean;
} & StandingRow;

const FIND = `select organization_id, k.id, k.name, scopes, ${STANDING_COLUMNS},
         coalesce(last_used_at < now() - interval '1 minute', true) as use_is_old
  from private.api_keys k ${JOIN_STANDING} where hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`;

/** The condition again: of many requests at once, on however many nodes, one writes. */
const NOTE_USE = `update private.api_keys set last_used_at = now()
  where organization_id = $1 and id = $2 and coalesce(last_used_at < now() - interval '1 minute', true)`;

/**
 * The one place where a key becomes a caller. Asked before any organization is known, so as the system; every request asks
 * again, so that a key that was revoked ends at once. When it was last used is written once a minute.
 */
@Injectable()
export class ApiKeyVerifier {
  constructor(private readonly system: SystemDb) {}

  /** @throws Unauthenticated when it is unknown, revoked or expired */
  async verify(token: string): Promise<VerifiedKey> {
    const { rows } = await this.system.query<Row>({
      name: 'api_keys.find',
      text: FIND,
      values: [hashSecretToken(token)],
    });
    const [row] = rows;
    if (!row) throw new Unauthenticated({ cause: new Error('the key is unknown, revoked or expired') });
    if (row.use_is_old) await this.system.query(NOTE_USE, [row.organization_id, row.id]);
    return {
      organization: OrganizationId.parse(row.organization_id),
      scopes: row.scopes,
      actor: { type: 'key', id: ApiKeyId.parse(row.id), name: row.name },
      standing: standingOf(row),
    };
  }
}
