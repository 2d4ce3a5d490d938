import { Injectable } from '@nestjs/common';
import { AuditEntryId, type OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { pagesFrom } from '../../platform/http/pages-from.ts';
import type { Caller } from '../auth/caller.ts';
import { AuditTrail } from './audit-trail.ts';
import type { AuditActorType, AuditEntryView, AuditFilter, AuditPage, ListAuditLogs } from './audit.dto.ts';
import { AuditRepository, type AuditRow, type AuditRows } from './audit.repository.ts';
import { changesBetween } from './changes.ts';

/** Entries that an export holds in memory at a time. */
const EXPORT_PAGE = 500;

@Injectable()
export class AuditService {
  constructor(
    private readonly db: TenantDb,
    private readonly entries: AuditRepository,
    private readonly audit: AuditTrail,
  ) {}

  async list(organization: OrganizationId, { cursor, limit, ...filter }: ListAuditLogs): Promise<AuditPage> {
    const { rows, next } = await this.page(organization, filter, { cursor, limit });
    return { items: rows.map(toView), next_cursor: next };
  }

  /** Entries as lines of CSV, the newest first, with the export's own at their head. Fails before it answers, if at the first page. */
  async export(by: Caller, filter: AuditFilter): Promise<AsyncIterable<string>> {
    const { organization } = by;
    await this.db.asTenant(organization, (tx) =>
      this.audit.add(tx, by, {
        action: 'audit_log.exported',
        target: { type: 'organization', id: organization },
        changes: changesBetween(null, filter),
      }),
    );
    return this.lines(organization, filter, await this.page(organization, filter, { limit: EXPORT_PAGE }));
  }

  private async *lines(organization: OrganizationId, filter: AuditFilter, first: AuditRows): AsyncIterable<string> {
    const read = (cursor: string) => this.page(organization, filter, { cursor, limit: EXPORT_PAGE });
    yield csvLine(COLUMNS);
    for await (const rows of pagesFrom(first, read)) yield rows.map((row) => csvLine(cellsOf(toView(row)))).join('');
  }

  private page(
    organization: OrganizationId,
    filter: AuditFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<AuditRows> {
    return this.db.asTenant(organization, (tx) => this.entries.list(tx, organization, filter, page));
  }
}

const COLUMNS = ['time', 'actor_type', 'actor_id', 'actor', 'action', 'target_type', 'target_id', 'changes', 'address'];

const cellsOf = ({ time, actor, action, target, changes, address }: AuditEntryView): string[] => [
  time,
  actor.type,
  actor.id ?? '',
  actor.name,
  action,
  target.type,
  target.id,
  JSON.stringify(changes),
  address ?? '',
];

const toView = (row: AuditRow): AuditEntryView => ({
  id: AuditEntryId.parse(row.id),
  time: row.time.toISOString(),
  actor: { type: row.actorType as AuditActorType, id: row.actorId, name: row.actorName },
  action: row.action,
  target: { type: row.targetType, id: row.targetId },
  changes: row.changes as AuditEntryView['changes'],
  address: row.address,
});
