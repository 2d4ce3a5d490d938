import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Job } from '../../generated/prisma/client.ts';
import { JobId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { decodeCursor, pageOf } from '../../platform/http/cursor.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import type { Caller } from '../auth/caller.ts';
import { JobMessagesRepository, type ReportRow } from './job-messages.repository.ts';
import {
  JobCounts,
  type JobKind,
  type JobPage,
  type JobResult,
  type JobState,
  type JobView,
  type ListJobs,
} from './jobs.dto.ts';
import { JobNotFound, JobNothingFailed } from './jobs.errors.ts';
import { JobsRepository, type NewJob } from './jobs.repository.ts';
import { type JobOrder, ORDERS } from './jobs.rules.ts';
import { JobsWorker } from './jobs.worker.ts';

export type { JobOrder };

/** Rows of a report in memory at a time. */
const REPORT_PAGE = 500;

/** What a job is called in the audit log, and what was done to it. */
const AUDITED: Readonly<
  Record<
    JobKind,
    { type: 'job' | 'broadcast'; begun: AuditAction; retried: AuditAction } & Record<JobOrder, AuditAction>
  >
> = {
  bulk_messages: {
    type: 'job',
    begun: 'job.created',
    pause: 'job.paused',
    resume: 'job.resumed',
    cancel: 'job.cancelled',
    retried: 'job.retried',
  },
  broadcast: {
    type: 'broadcast',
    begun: 'broadcast.launched',
    pause: 'broadcast.paused',
    resume: 'broadcast.resumed',
    cancel: 'broadcast.cancelled',
    retried: 'broadcast.retried',
  },
};

@Injectable()
export class JobsService {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobsRepository,
    private readonly messages: JobMessagesRepository,
    private readonly worker: JobsWorker,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  /** Makes one in the transaction of its first step; whoever calls tells of it when that has committed (`begun`). */
  async create(sql: TenantSql, by: Caller, job: Omit<NewJob, 'createdBy'>): Promise<JobId> {
    const id = JobId.parse(await this.jobs.create(sql, { ...job, createdBy: by.actor.name }));
    const changes = { name: { to: job.name }, messages: { to: job.total } };
    const { begun: action, type } = AUDITED[job.kind];
    await this.audit.addSql(sql, by, { action, target: { type, id }, changes });
    return id;
  }

  /** It has committed: whoever watches is told, and it is counted from now on. */
  begun({ organization }: Caller, sessions: readonly string[]): void {
    for (const session of sessions) this.signals.send('outbox', { session });
    this.signals.send('facts', { organization });
    this.signals.send('jobs', {});
  }

  async list(organization: OrganizationId, query: ListJobs): Promise<JobPage> {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), query.cursor)?.[0];
    const rows = await this.db.asTenant(organization, (tx) => this.jobs.list(tx, query, before, query.limit + 1));
    return pageOf(organization, rows, query.limit, (row) => toView(row, JobCounts.parse(row.counts)));
  }

  /** Counted anew. @throws JobNotFound */
  async get(organization: OrganizationId, id: JobId): Promise<JobView> {
    return this.db.asTenant(organization, async (tx) => {
      const row = await this.jobs.find(tx, id);
      if (!row) throw new JobNotFound(id);
      return toView(row, await this.jobs.countOf(tx, organization, id));
    });
  }

  /**
   * Pauses, resumes or cancels. What it says is so from the commit on; that its messages follow is done here, and by any node
   * should this one die meanwhile. What has been asked for already is not asked twice.
   * @throws JobNotFound | JobNotPausable | JobNotResumable | JobNotCancellable
   */
  async order(by: Caller, id: JobId, order: JobOrder): Promise<JobView> {
    const { organization } = by;
    const { to, from, refusal } = ORDERS[order];
    const before = await this.get(organization, id);
    if (before.state === to) return before;
    await this.db.asTenantSql(organization, async (sql) => {
      if (!(await this.jobs.move(sql, id, from, to))) throw refusal(before.state);
      const changes = { state: { from: before.state, to } };
      const { [order]: action, type } = AUDITED[before.kind];
      await this.audit.addSql(sql, by, { action, target: { type, id }, changes });
    });
    return this.followed(organization, before);
  }

  /** Sends what failed again, under the ids that it had. @throws JobNotFound | JobNothingFailed */
  async retryFailed(by: Caller, id: JobId): Promise<JobView> {
    const { organization } = by;
    const before = await this.get(organization, id);
    await this.db.asTenantSql(organization, async (sql) => {
      const again = await this.messages.retryFailed(sql, id, by.actor);
      if (again === 0) throw new JobNothingFailed(id);
      await this.jobs.move(sql, id, ['completed', 'cancelled', 'running'], 'running');
      const changes = { messages: { to: again } };
      const { retried: action, type } = AUDITED[before.kind];
      await this.audit.addSql(sql, by, { action, target: { type, id }, changes });
    });
    return this.followed(organization, before);
  }

  private async followed(organization: OrganizationId, job: JobView): Promise<JobView> {
    await this.worker.apply(organization, job.id);
    const sessions = await this.db.asTenantSql(organization, (sql) => this.messages.sessionsOf(sql, job.id));
    for (const session of sessions) this.signals.send('outbox', { session });
    this.signals.send('facts', { organization });
    this.signals.send('jobs', {});
    return this.get(organization, job.id);
  }

  /** What became of each message, line by line, in the order in which they were given. @throws JobNotFound */
  async report(organization: OrganizationId, id: JobId): Promise<{ name: string; lines: AsyncIterable<string> }> {
    const { name } = await this.get(organization, id);
    return { name, lines: this.reportLines(organization, id) };
  }

  /** Each page is a transaction of its own: a slow reader holds none. */
  private async *reportLines(organization: OrganizationId, id: JobId): AsyncIterable<string> {
    yield `\uFEFF${csvLine(REPORT_COLUMNS)}`;
    for (let after: string | null = null; ;) {
      const from: string | null = after;
      const rows: ReportRow[] = await this.db.asTenant(organization, (tx) =>
        this.messages.report(tx, id, from, REPORT_PAGE),
      );
      yield rows.map((row) => csvLine(reportCells(row))).join('');
      if (rows.length < REPORT_PAGE) return;
      after = rows.at(-1)?.id ?? null;
    }
  }
}

const REPORT_COLUMNS = [
  'phone',
  'name',
  'status',
  'error',
  'sent_at',
  'delivered_at',
  'read_at',
  'failed_at',
  'text',
  'message_id',
];

const reportCells = (row: ReportRow): string[] => {
  const at = (time: Date | null): string => time?.toISOString() ?? '';
  const times = [row.sent_at, row.delivered_at, row.read_at, row.failed_at].map(at);
  return [row.phone ?? '', row.name ?? '', row.status, row.error_code ?? '', ...times, row.text ?? '', row.id];
};

const toView = (row: Job, counts: JobCounts): JobView => ({
  id: JobId.parse(row.id),
  kind: row.kind as JobKind,
  name: row.name,
  state: row.state as JobState,
  session_id: row.sessionId === null ? null : SessionId.parse(row.sessionId),
  total: row.total,
  counts,
  result: row.result as JobResult,
  created_by: row.createdBy,
  created_at: row.createdAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
});
