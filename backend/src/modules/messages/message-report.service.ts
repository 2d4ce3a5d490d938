import { Injectable } from '@nestjs/common';
import type { MessageId, OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { pagesFrom } from '../../platform/http/pages-from.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { givenUpChangesOf } from './failed-changes.ts';
import type {
  ExportMessages,
  MessageReportPage,
  MessageSenders,
  MessageTimeline,
  ReportedMessage,
  ReportMessages,
} from './message-report.dto.ts';
import { MessageReportRepository } from './message-report.repository.ts';
import { timelineOf } from './message-timeline.rules.ts';
import type { MessageFilter } from './messages.dto.ts';
import { MessagesRepository } from './messages.repository.ts';
import { MessagesService } from './messages.service.ts';

/** Messages that an export holds in memory at a time. */
const EXPORT_PAGE = 500;

/** What was said, by whom, and what became of it. */
@Injectable()
export class MessageReportService {
  constructor(
    private readonly db: TenantDb,
    private readonly reports: MessageReportRepository,
    private readonly messages: MessagesRepository,
    private readonly views: MessagesService,
    private readonly audit: AuditTrail,
  ) {}

  async report(organization: OrganizationId, { cursor, limit, ...filter }: ReportMessages): Promise<MessageReportPage> {
    const { rows, next } = await this.page(organization, filter, { cursor, limit });
    return { items: rows, next_cursor: next };
  }

  async senders(organization: OrganizationId): Promise<MessageSenders> {
    return { items: await this.db.asTenant(organization, (tx) => this.reports.senders(tx)) };
  }

  /** The newest first, in pages. Fails before it answers, if at the first page. */
  async export(by: Caller, { format, ...filter }: ExportMessages): Promise<AsyncIterable<ReportedMessage[]>> {
    const { organization } = by;
    await this.db.asTenant(organization, (tx) =>
      this.audit.add(tx, by, {
        action: 'messages.exported',
        target: { type: 'organization', id: organization },
        changes: changesBetween(null, { format, ...filter }),
      }),
    );
    const read = (cursor?: string) => this.page(organization, filter, { cursor, limit: EXPORT_PAGE });
    return pagesFrom(await read(), read);
  }

  /** @throws MessageNotFound */
  async timeline(organization: OrganizationId, id: MessageId): Promise<MessageTimeline> {
    const message = await this.views.get(organization, id);
    const beside = await this.db.asTenant(organization, async (tx) => {
      const versions = message.edited_at === null ? [] : await this.messages.versions(tx, id);
      return {
        attempts: await this.reports.attempts(tx, id),
        retries: await this.reports.retries(tx, id),
        edits: versions.slice(1).map(({ writtenAt }) => writtenAt),
        givenUpChanges: await givenUpChangesOf(tx, id),
      };
    });
    return {
      items: timelineOf(message, beside),
      waiting_for: message.waiting_for,
      waiting_until: message.waiting_until,
    };
  }

  private page(
    organization: OrganizationId,
    filter: MessageFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ rows: ReportedMessage[]; next: string | null }> {
    return this.db.asTenant(organization, (tx) => this.reports.page(tx, organization, filter, page));
  }
}

const COLUMNS = [
  'id',
  'time',
  'number',
  'contact_phone',
  'contact_name',
  'direction',
  'type',
  'text',
  'status',
  'error_code',
  'scheduled_at',
  'sent_at',
  'delivered_at',
  'read_at',
  'played_at',
  'failed_at',
  'cancelled_at',
  'trigger',
  'sent_by',
  'template_id',
  'job_id',
  'related_type',
  'related_id',
];

const cellsOf = (message: ReportedMessage): string[] =>
  [
    message.id,
    message.created_at,
    message.session.name,
    message.contact?.phone_number ?? null,
    message.contact?.name ?? message.group?.subject ?? null,
    message.direction,
    message.type,
    message.text,
    message.status,
    message.error_code,
    message.scheduled_at,
    message.sent_at,
    message.delivered_at,
    message.read_at,
    message.played_at,
    message.failed_at,
    message.cancelled_at,
    message.trigger,
    message.sent_by?.name,
    message.template_id,
    message.job_id,
    message.related_type,
    message.related_id,
  ].map((cell) => cell ?? '');

/** The same as CSV, with the names of the columns first. */
export async function* csvOf(pages: AsyncIterable<readonly ReportedMessage[]>): AsyncIterable<string> {
  yield csvLine(COLUMNS);
  for await (const page of pages) yield page.map((message) => csvLine(cellsOf(message))).join('');
}
