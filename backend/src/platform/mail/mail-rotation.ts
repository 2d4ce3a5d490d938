import type { SystemDb } from '../database/system-db.ts';
import type { Sealer } from '../encryption/sealer.ts';
import { placeOf } from './mail-queue.ts';

type Older = { id: string; key_id: string; sealed: Buffer };

/** Seals the mails that wait with the current encryption key. */
export class MailRotation {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
  ) {}

  /** How many an older key sealed. */
  async left(): Promise<number> {
    const { rows } = await this.system.query<{ left: number }>(
      'select count(*)::int as left from private.mails where key_id <> $1 and sealed is not null',
      [this.sealer.currentKeyId],
    );
    return rows[0]?.left ?? 0;
  }

  /** Seals up to `limit` anew. @returns how many were found @throws UnsealError */
  async renew(limit: number): Promise<number> {
    const { rows } = await this.system.query<Older>(
      'select id, key_id, sealed from private.mails where key_id <> $1 and sealed is not null limit $2',
      [this.sealer.currentKeyId, limit],
    );
    for (const { id, key_id: keyId, sealed } of rows) {
      const renewed = this.sealer.seal(this.sealer.open({ keyId, sealed }, placeOf(id)), placeOf(id));
      await this.system.query(
        'update private.mails set key_id = $2, sealed = $3 where id = $1 and sealed is not null',
        [id, renewed.keyId, renewed.sealed],
      );
    }
    return rows.length;
  }
}
