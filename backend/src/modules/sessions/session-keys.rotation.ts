import type { SystemDb } from '../../platform/database/system-db.ts';
import type { Sealer } from '../../platform/encryption/sealer.ts';
import { placeOf } from './session-keys.repository.ts';

/**
 * Secrets of all tables, in one shape; kinds are those that they were sealed with. Those of a number that somebody runs who
 * seals with another key are not among them: he might not be able to read them any more.
 */
const RENEWABLE = `with older as (OLDER), kept as (
    select session_id from private.session_leases where expires_at > now() and key_id is distinct from $1
  ) select * from older where session_id not in (select session_id from kept)`;
const OLDER = `select organization_id, session_id, type as kind, id, key_id, sealed from private.session_keys where key_id <> $1
  union all
  select organization_id, session_id, 'inbox', id, key_id, sealed from private.session_inbox where key_id <> $1
  union all
  select organization_id, session_id, 'proxy', '', key_id, sealed from private.session_proxies where key_id <> $1`;

/**
 * A row that changed since it was read was sealed anew by that change, or is read again. The lease is locked, so that nobody
 * takes the number meanwhile who does not know the key.
 */
const RENEW = `with leases as (
    select session_id from private.session_leases
     where session_id = any ($3) and not (expires_at > now() and key_id is distinct from $1) order by session_id for share
  ), renewed as (
    select r.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[])
      as r (organization_id, session_id, kind, id, before, sealed) join leases using (session_id)
  ), inbox as (
    update private.session_inbox i set key_id = $1, sealed = r.sealed from renewed r
     where i.organization_id = r.organization_id and i.session_id = r.session_id and i.id = r.id and i.sealed = r.before
  ), proxies as (
    update private.session_proxies p set key_id = $1, sealed = r.sealed from renewed r
     where p.organization_id = r.organization_id and p.session_id = r.session_id and r.kind = 'proxy' and p.sealed = r.before
  )
  update private.session_keys k set key_id = $1, sealed = r.sealed from renewed r
   where k.organization_id = r.organization_id and k.session_id = r.session_id and k.type = r.kind and k.id = r.id and k.sealed = r.before`;

type Older = { organization_id: string; session_id: string; kind: string; id: string; key_id: string; sealed: Buffer };

/** Seals the secrets of all sessions with the current encryption key, while traffic goes on. */
export class SessionKeysRotation {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
  ) {}

  /** How many secrets an older key sealed. */
  async left(): Promise<number> {
    const { rows } = await this.system.query<{ left: number }>(
      `select count(*)::int as left from (${OLDER}) as older`,
      [this.sealer.currentKeyId],
    );
    return rows[0]?.left ?? 0;
  }

  /**
   * Seals up to `limit` secrets anew, but for those of numbers whose node seals with another key: it has to be started with the
   * new one first.
   * @returns how many were found; fewer than `limit` means that all were looked at
   * @throws UnsealError when the key of one is not configured any more, or it was changed by somebody else
   */
  async renew(limit: number): Promise<number> {
    const { rows } = await this.system.query<Older>(`${RENEWABLE.replace('OLDER', OLDER)} limit $2`, [
      this.sealer.currentKeyId,
      limit,
    ]);
    const renewed = rows.map((row) => {
      const place = placeOf({ organization: row.organization_id, session: row.session_id }, row.kind, row.id);
      return this.sealer.seal(this.sealer.open({ keyId: row.key_id, sealed: row.sealed }, place), place).sealed;
    });
    await this.system.query(RENEW, [
      this.sealer.currentKeyId,
      rows.map((row) => row.organization_id),
      rows.map((row) => row.session_id),
      rows.map((row) => row.kind),
      rows.map((row) => row.id),
      rows.map((row) => row.sealed),
      renewed,
    ]);
    return rows.length;
  }
}
