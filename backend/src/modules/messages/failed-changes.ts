import type { SystemTx } from '../../platform/database/system-db.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import type { Change } from './messages.dto.ts';
import { RETRYABLE } from './retryable.ts';

/** A change of ours that was accepted and then given up: its message is as it was before. */
export type FailedChange = Readonly<{
  id: string;
  /** The message that it was to change. */
  messageId: string;
  type: Change;
  text: string | null;
  errorCode: string | null;
  failedAt: Date;
  retryable: boolean;
}>;

/** Ours about `messages t`, as SQL. */
const CHANGES = `messages t join messages c
    on c.organization_id = t.organization_id and c.session_id = t.session_id
   and c.target_whatsapp_message_id = t.whatsapp_message_id and c.target_direction = t.direction
   and c.conversation_id = t.conversation_id and c.direction = 'outbound'`;

/**
 * Of each message the last change of each kind, where that is one that failed and nobody let be: who reacts anew after a
 * reaction failed wants the new one. What is deleted by now cannot be changed any more.
 */
const FAILED = `select m.id, m.target as "messageId", m.type, m.text, m.error_code as "errorCode", m.failed_at as "failedAt",
       (${RETRYABLE}) as retryable
  from (select distinct on (t.id, c.type) t.id as target, c.* from ${CHANGES}
         where t.organization_id = any ($2::uuid[]) and t.id = any ($1::uuid[]) and t.deleted_at is null and c.status <> 'cancelled'
         order by t.id, c.type, c.id desc) m
 where m.status = 'failed' and m.failed_at is not null and m.dismissed_at is null
 order by m.id`;

/** Of messages of these organizations. */
export function failedChangesOf(
  tx: TenantTx | SystemTx,
  ids: readonly string[],
  organizations: readonly string[],
): Promise<FailedChange[]> {
  return tx.$queryRawUnsafe<FailedChange[]>(FAILED, ids, organizations);
}

/** All that were given up of one message, the first one first. */
export function givenUpChangesOf(
  tx: TenantTx,
  message: string,
): Promise<Pick<FailedChange, 'id' | 'type' | 'errorCode' | 'failedAt'>[]> {
  return tx.$queryRawUnsafe(
    `select c.id, c.type, c.error_code as "errorCode", c.failed_at as "failedAt" from ${CHANGES}
      where t.id = $1::uuid and c.status = 'failed' and c.failed_at is not null order by c.failed_at, c.id`,
    message,
  );
}

/** Lets a change be that failed. @returns false when it is none */
export async function dismissChange(sql: TenantSql, id: string): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update messages set dismissed_at = now()
      where id = $1 and direction = 'outbound' and target_whatsapp_message_id is not null and status = 'failed' and dismissed_at is null`,
    [id],
  );
  return (rowCount ?? 0) > 0;
}
