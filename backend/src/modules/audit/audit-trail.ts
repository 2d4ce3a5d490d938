import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import type { SystemSql } from '../../platform/database/system-db.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import type { Caller } from '../auth/caller.ts';
import type { AuditAction, AuditTargetType } from './audit.dto.ts';
import type { Changes } from './changes.ts';

/** What was done, to what. Ids and settings only: no secret, and nothing that people wrote to each other. */
export type AuditEntry = Readonly<{
  action: AuditAction;
  target: Readonly<{ type: AuditTargetType; id: string }>;
  changes?: Changes;
}>;

/** The time comes from the database. */
const INSERT = `insert into private.audit_logs
    (organization_id, id, actor_type, actor_id, actor_name, action, target_type, target_id, changes, address)
  values ($1::uuid, $2::uuid, $3, $4::uuid, $5, $6, $7, $8::uuid, $9::jsonb, $10::inet)`;

/** Writes who did what, in the transaction that does it: both happen or neither. */
@Injectable()
export class AuditTrail {
  async add(tx: TenantTx, by: Caller, entry: AuditEntry): Promise<void> {
    await tx.$executeRawUnsafe(INSERT, ...valuesOf(by, entry));
  }

  /** As `add`, in a transaction of hand-written SQL. */
  async addSql(sql: TenantSql | SystemSql, by: Caller, entry: AuditEntry): Promise<void> {
    await sql.query({ name: 'audit.add', text: INSERT, values: valuesOf(by, entry) });
  }
}

const valuesOf = (
  { organization, actor, address }: Caller,
  { action, target, changes = {} }: AuditEntry,
): unknown[] => [
  organization,
  newId(),
  actor.type,
  actor.id,
  actor.name,
  action,
  target.type,
  target.id,
  JSON.stringify(changes),
  address,
];
