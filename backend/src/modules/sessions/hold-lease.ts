import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Lease } from './session-traffic.ts';
import { StaleLease } from './sessions.errors.ts';

/** Until the transaction ends. @throws StaleLease when another node runs the session now */
export async function holdLease(sql: TenantSql, lease: Lease): Promise<void> {
  const { rows } = await sql.query<{ held: boolean }>({
    name: 'hold_lease',
    text: 'select private.hold_lease($1, $2) as held',
    values: [lease.session, lease.epoch],
  });
  if (!rows[0]?.held) throw new StaleLease(lease.session);
}
