import type { SystemDb } from '../database/system-db.ts';
import type { Sealer } from './sealer.ts';

type Older = { id: string; key_id: string; sealed: Buffer };

/** Seals the rows of a table anew with the current encryption key: one that has an `id`, a `key_id` and what is `sealed`. */
export class SealedRowsRotation {
  /** @param table is no user's word @param placeOf what a row was sealed with, by its id */
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
    private readonly table: string,
    private readonly placeOf: (id: string) => string,
  ) {}

  /** How many an older key sealed. */
  async left(): Promise<number> {
    const { rows } = await this.system.query<{ left: number }>(
      `select count(*)::int as left from ${this.table} where key_id <> $1 and sealed is not null`,
      [this.sealer.currentKeyId],
    );
    return rows[0]?.left ?? 0;
  }

  /** Seals up to `limit` anew. @returns how many were found @throws UnsealError */
  async renew(limit: number): Promise<number> {
    const { rows } = await this.system.query<Older>(
      `select id, key_id, sealed from ${this.table} where key_id <> $1 and sealed is not null limit $2`,
      [this.sealer.currentKeyId, limit],
    );
    for (const { id, key_id: keyId, sealed } of rows) {
      const place = this.placeOf(id);
      const renewed = this.sealer.seal(this.sealer.open({ keyId, sealed }, place), place);
      await this.system.query(
        `update ${this.table} set key_id = $2, sealed = $3 where id = $1 and sealed is not null`,
        [id, renewed.keyId, renewed.sealed],
      );
    }
    return rows.length;
  }
}
