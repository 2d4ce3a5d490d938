import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql } from '../database/tenant-db.ts';
import { IdempotencyKeyReused, RequestInvalid } from './http.errors.ts';

const KEY_LENGTH_MAX = 200;

/**
 * Repeats the answer of a request instead of the request. The key is taken in the transaction of the work itself, first of
 * all: a second request with it waits until the first has committed, and then finds its answer.
 */
@Injectable()
export class Idempotency {
  /**
   * @param key what the caller named the request, null for none @param body what was asked, compared by its hash
   * @throws IdempotencyKeyReused when the key came with another body before
   */
  async run<T>(
    sql: TenantSql,
    organization: OrganizationId,
    key: string | null,
    body: unknown,
    work: () => Promise<T>,
  ): Promise<T> {
    if (key === null) return work();
    if (key.length > KEY_LENGTH_MAX)
      throw new RequestInvalid([{ path: ['Idempotency-Key'], message: `Use at most ${KEY_LENGTH_MAX} characters.` }]);
    const hash = createHash('sha256').update(JSON.stringify(body)).digest();
    const taken = await sql.query({
      name: 'idempotency.take',
      text: 'insert into private.idempotency_keys (organization_id, key, body_hash) values ($1, $2, $3) on conflict do nothing',
      values: [organization, key, hash],
    });
    if (taken.rowCount === 0) return this.repeat<T>(sql, key, hash);
    const response = await work();
    await sql.query({
      name: 'idempotency.answer',
      text: 'update private.idempotency_keys set response = $2 where key = $1',
      values: [key, JSON.stringify(response)],
    });
    return response;
  }

  private async repeat<T>(sql: TenantSql, key: string, hash: Buffer): Promise<T> {
    const { rows } = await sql.query<{ body_hash: Buffer; response: T }>(
      'select body_hash, response from private.idempotency_keys where key = $1',
      [key],
    );
    const [first] = rows;
    if (!first?.body_hash.equals(hash)) throw new IdempotencyKeyReused();
    return first.response;
  }
}
