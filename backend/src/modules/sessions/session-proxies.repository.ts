import { Injectable } from '@nestjs/common';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { Sealer, UnsealError } from '../../platform/encryption/sealer.ts';
import { placeOf } from './session-keys.repository.ts';
import { KeysUnreadable } from './sessions.errors.ts';
import type { Session } from './sessions.repository.ts';
import type { Lease } from './session-traffic.ts';

type Row = { proxy: string | null; key_id: string | null; sealed: Buffer | null };

/** The whole address of a number's proxy. Who writes it down cannot read it; the node that runs the number can. */
@Injectable()
export class SessionProxiesRepository {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
  ) {}

  /** In a transaction that has changed the session's row, which keeps others waiting. @param url null: through none */
  async save(tx: TenantTx, { organizationId: organization, id: session }: Session, url: string | null): Promise<void> {
    await tx.$executeRaw`delete from private.session_proxies where session_id = ${session}::uuid`;
    if (url === null) return;
    const { keyId, sealed } = this.sealer.seal(Buffer.from(url), placeOf({ organization, session }, 'proxy', ''));
    await tx.$executeRaw`insert into private.session_proxies (organization_id, session_id, key_id, sealed)
      values (${organization}::uuid, ${session}::uuid, ${keyId}, ${sealed})`;
  }

  /**
   * What the number has to go through; null only where a person decided that it needs none.
   * @throws KeysUnreadable when there is one and it does not open
   */
  async of(lease: Lease): Promise<string | null> {
    const { rows } = await this.system.query<Row>(
      `select s.proxy, p.key_id, p.sealed from sessions s left join private.session_proxies p on p.organization_id = s.organization_id and p.session_id = s.id
        where s.organization_id = $1 and s.id = $2`,
      [lease.organization, lease.session],
    );
    const [row] = rows;
    if (!row) throw new Error('a session is run that is not there');
    if (row.proxy === null) return null;
    if (!row.key_id || !row.sealed) throw new KeysUnreadable();
    try {
      return this.sealer.open({ keyId: row.key_id, sealed: row.sealed }, placeOf(lease, 'proxy', '')).toString();
    } catch (cause) {
      if (cause instanceof UnsealError) throw new KeysUnreadable({ cause });
      throw cause;
    }
  }
}
