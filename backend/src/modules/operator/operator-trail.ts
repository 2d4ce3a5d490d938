import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import type { SystemSql } from '../../platform/database/system-db.ts';
import type { Changes } from '../audit/changes.ts';
import type { Actor } from '../auth/caller.ts';
import type { OperatorAuditAction } from './operator.dto.ts';

/** Who does something to the installation, and from where; `address` is null where nobody called. */
export type OperatorCaller = Readonly<{ actor: Actor; address: string | null }>;

export type OperatorEntry = Readonly<{
  action: OperatorAuditAction;
  /** `name` is what it is called today; it may be gone when somebody reads this. */
  target: Readonly<{ type: 'user' | 'organization' | 'conversation'; id: string; name: string }>;
  changes?: Changes;
}>;

/** Writes what whoever runs the installation did, in the transaction that does it: both happen or neither. */
@Injectable()
export class OperatorTrail {
  async add(
    sql: SystemSql,
    { actor, address }: OperatorCaller,
    { action, target, changes = {} }: OperatorEntry,
  ): Promise<void> {
    await sql.query(
      `insert into private.operator_audit_logs
         (id, actor_type, actor_id, actor_name, action, target_type, target_id, target_name, changes, address)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        newId(),
        actor.type,
        actor.id,
        actor.name,
        action,
        target.type,
        target.id,
        target.name,
        JSON.stringify(changes),
        address,
      ],
    );
  }
}
