import { Injectable } from '@nestjs/common';
import type { OrganizationId, SessionId } from '../../kernel/ids.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { Lease } from './session-traffic.ts';

/** How long a lease lives without being renewed, on the database's clock. */
export const LEASE_MS = 12_000;

/** So long a number waits for a node that can read its secrets; then whoever takes it says that they cannot be read. */
export const READER_WAIT_MS = 60_000;

/** Sessions of which something is sealed with a key that is not among `$4`. The few ids are found one by one in their index. */
const FOREIGN_SEALS = `seals (key_id) as (
    select min(key_id) from private.session_keys
    union all
    select (select min(k.key_id) from private.session_keys k where k.key_id > seals.key_id) from seals where seals.key_id is not null
  ), foreign_seals as (
    select session_id from private.session_keys where key_id in (select key_id from seals where key_id <> all ($4))
  )`;

type LeaseRow = { organization_id: OrganizationId; session_id: SessionId; epoch: string };

const toLease = (row: LeaseRow): Lease => ({
  organization: row.organization_id,
  session: row.session_id,
  epoch: BigInt(row.epoch),
});

/** Who runs which session. All statements use the database's clock, so nodes need not agree on the time. */
@Injectable()
export class SessionLeasesRepository {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Takes up to `limit` sessions that want an owner and have none, or one whose lease ran out. Each takeover raises the
   * epoch, which stops whatever the former owner still tries to write. What is sealed with a key that this node does not know
   * is left to others for a while: during a rotation there are nodes that do.
   */
  async claim(node: string, limit: number): Promise<Lease[]> {
    const { rows } = await this.system.query<LeaseRow>({
      name: 'session_leases.claim',
      text: `with recursive ${FOREIGN_SEALS}, free as (
          select l.session_id from private.session_leases l
            join sessions s on s.organization_id = l.organization_id and s.id = l.session_id
           where l.expires_at <= now() and (l.session_id not in (select session_id from foreign_seals) or l.expires_at <= now() - $5 * interval '1 ms')
             and s.intent_version <> s.settled_version and s.deleted_at is null and s.provider = 'baileys'
           order by l.expires_at limit $2 for update of l skip locked
        )
        update private.session_leases l
           set owner_node = $1, key_id = $6, epoch = l.epoch + 1, expires_at = now() + $3 * interval '1 ms'
          from free where l.session_id = free.session_id
        returning l.organization_id, l.session_id, l.epoch`,
      values: [node, limit, LEASE_MS, this.sealer.keyIds, READER_WAIT_MS, this.sealer.currentKeyId],
    });
    return rows.map(toLease);
  }

  /** The ids of keys that this node lacks and that seal sessions which nobody runs. */
  async unreadable(): Promise<string[]> {
    const { rows } = await this.system.query<{ key_id: string }>({
      name: 'session_leases.unreadable',
      text: `with recursive ${FOREIGN_SEALS.replaceAll('$4', '$1')}
        select distinct k.key_id from private.session_keys k join private.session_leases l using (organization_id, session_id)
         where k.key_id <> all ($1) and l.expires_at <= now() and k.session_id in (select session_id from foreign_seals)`,
      values: [this.sealer.keyIds],
    });
    return rows.map((row) => row.key_id);
  }

  /** One statement for all sessions of a node. @returns the sessions that are still its own */
  async renew(node: string): Promise<Set<SessionId>> {
    const { rows } = await this.system.query<{ session_id: SessionId }>({
      name: 'session_leases.renew',
      text: `update private.session_leases set expires_at = now() + $2 * interval '1 ms'
              where owner_node = $1 and expires_at > now() returning session_id`,
      values: [node, LEASE_MS],
    });
    return new Set(rows.map((row) => row.session_id));
  }

  /** When each number last heard from WhatsApp, for all of a node in one statement. */
  async saveSeen(seen: readonly { lease: Lease; at: Date }[]): Promise<void> {
    await this.system.query({
      name: 'sessions.seen',
      text: `update sessions s set last_seen_at = greatest(s.last_seen_at, seen.at)
               from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[]) as seen (organization_id, session_id, epoch, at)
               join private.session_leases l using (session_id, epoch)
              where s.organization_id = seen.organization_id and s.id = seen.session_id`,
      values: [
        seen.map(({ lease }) => lease.organization),
        seen.map(({ lease }) => lease.session),
        seen.map(({ lease }) => lease.epoch),
        seen.map(({ at }) => at),
      ],
    });
  }

  /** Gives leases up, so that another node need not wait until they run out. Stale ones are left alone. */
  async release(leases: readonly Lease[]): Promise<void> {
    await this.system.query(
      `update private.session_leases l set owner_node = null, expires_at = now()
         from unnest($1::uuid[], $2::bigint[]) as mine (session_id, epoch)
        where l.session_id = mine.session_id and l.epoch = mine.epoch`,
      [leases.map((lease) => lease.session), leases.map((lease) => lease.epoch)],
    );
  }
}
