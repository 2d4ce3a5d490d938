import { Injectable } from '@nestjs/common';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail, type AuditEntry } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import type { CancelAll, ChangedMessages, RetryAll } from './messages.dto.ts';
import { type Changed, ManyMessagesRepository, type Which } from './many-messages.repository.ts';

/** Messages in one transaction. */
const BATCH_MAX = 1_000;

/** Cancels all that waits, or tries again all that failed: batch after batch, with one entry for all of them. */
@Injectable()
export class ManyMessagesService {
  constructor(
    private readonly db: TenantDb,
    private readonly messages: ManyMessagesRepository,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  /** Takes back what has not left. What a node has claimed is let go. @throws SessionNotFound | ConversationNotFound */
  async cancelAll(by: Caller, filter: CancelAll): Promise<ChangedMessages> {
    const which = whichOf(filter);
    await this.db.asTenantSql(by.organization, (sql) => this.messages.assertThere(sql, which));
    return this.inBatches(by, filter, 'messages.cancelled', (sql) => this.messages.cancel(sql, which, BATCH_MAX));
  }

  /** Sends again what failed before now, each under the id that it had. @throws SessionNotFound | ConversationNotFound */
  async retryAll(by: Caller, { since: from, ...filter }: RetryAll): Promise<ChangedMessages> {
    const which = whichOf(filter);
    const since = from === undefined ? null : new Date(from);
    const before = await this.db.asTenantSql(by.organization, async (sql) => {
      await this.messages.assertThere(sql, which);
      return this.messages.now(sql);
    });
    return this.inBatches(by, { ...filter, ...(from ? { since: from } : {}) }, 'messages.retried', (sql) =>
      this.messages.retry(sql, which, { before, since, limit: BATCH_MAX, by: by.actor }),
    );
  }

  /** The entry stands in the transaction of the last batch; when one fails, it says what was done until then. */
  private async inBatches(
    by: Caller,
    filter: Readonly<Record<string, string>>,
    action: 'messages.cancelled' | 'messages.retried',
    work: (sql: TenantSql) => Promise<Changed>,
  ): Promise<ChangedMessages> {
    const { organization } = by;
    const entry = (count: number): AuditEntry => ({
      action,
      target: targetOf(by, filter),
      changes: changesBetween(null, { ...filter, count }),
    });
    let count = 0;
    try {
      for (;;) {
        const changed = await this.db.asTenantSql(organization, async (sql) => {
          const batch = await work(sql);
          if (sumOf(batch) < BATCH_MAX) await this.audit.addSql(sql, by, entry(count + sumOf(batch)));
          return batch;
        });
        count += sumOf(changed);
        this.tell(by, action === 'messages.retried' ? changed : []);
        if (sumOf(changed) < BATCH_MAX) return { count };
      }
    } catch (error) {
      if (count > 0) await this.db.asTenantSql(organization, (sql) => this.audit.addSql(sql, by, entry(count)));
      throw error;
    }
  }

  private tell({ organization }: Caller, queued: Changed): void {
    for (const { session } of queued) this.signals.send('outbox', { session });
    this.signals.send('facts', { organization });
  }
}

const sumOf = (changed: Changed): number => changed.reduce((sum, { messages }) => sum + messages, 0);

const whichOf = ({ session_id: session, conversation_id: conversation }: CancelAll): Which => ({
  session: session ?? null,
  conversation: conversation ?? null,
});

function targetOf({ organization }: Caller, filter: Readonly<Record<string, string>>): AuditEntry['target'] {
  if (filter['conversation_id']) return { type: 'conversation', id: filter['conversation_id'] };
  if (filter['session_id']) return { type: 'session', id: filter['session_id'] };
  return { type: 'organization', id: organization };
}
