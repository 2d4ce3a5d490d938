import { Injectable } from '@nestjs/common';
import type { Job } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { SystemDb, type SystemSql } from '../../platform/database/system-db.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import { JobCounts, type JobKind, type JobResult, type JobState, type ListJobs } from './jobs.dto.ts';

export type NewJob = Readonly<{
  kind: JobKind;
  name: string;
  session: string | null;
  total: number;
  createdBy: string;
}>;

/** A job whose time has come to be counted, held until the transaction ends. */
export type DueJob = Readonly<{
  organization: OrganizationId;
  id: string;
  kind: JobKind;
  state: JobState;
  applied: boolean;
  total: number;
  counts: JobCounts;
  result: JobResult;
  restedMs: number | null;
}>;

export type Counted = Readonly<{
  organization: string;
  id: string;
  state: JobState;
  counts: JobCounts;
  rested: boolean;
  againMs: number | null;
}>;

const DUE = `select organization_id, id, kind, state, applied, total, counts, result,
       (extract(epoch from now() - finished_at) * 1000)::float8 as rested_ms from jobs
   where count_after <= now() order by count_after limit $1 for update skip locked`;

const COUNT = `select m.organization_id, m.job_id, m.status, count(*)::int as n
    from unnest($1::uuid[], $2::uuid[]) as j (organization_id, id)
    join messages m on m.organization_id = j.organization_id and m.job_id = j.id
   where m.job_id is not null group by 1, 2, 3`;

/** A person may have changed the state meanwhile; the row is locked since it was read. */
const KEEP = `update jobs j set counts = k.counts, state = k.state, updated_at = now(),
       count_after = now() + k.again_ms * interval '1 ms',
       finished_at = case when k.rested then coalesce(j.finished_at, now()) end
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::boolean[], $6::float8[])
       as k (organization_id, id, state, counts, rested, again_ms)
 where j.organization_id = k.organization_id and j.id = k.id`;

type CountRow = { organization_id: string; job_id: string; status: keyof JobCounts; n: number };

@Injectable()
export class JobsRepository {
  constructor(private readonly system: SystemDb) {}

  async create(sql: TenantSql, job: NewJob): Promise<string> {
    const id = newId();
    await sql.query(
      `insert into jobs (organization_id, id, kind, name, state, session_id, total, counts, created_by)
       values (private.current_organization(), $1, $2, $3, 'running', $4, $5, jsonb_build_object('queued', $5::int), $6)`,
      [id, job.kind, job.name, job.session, job.total, job.createdBy],
    );
    return id;
  }

  find(tx: TenantTx, id: string): Promise<Job | null> {
    return tx.job.findFirst({ where: { id } });
  }

  list(tx: TenantTx, { kind, state }: ListJobs, before: string | undefined, limit: number): Promise<Job[]> {
    return tx.job.findMany({
      where: {
        ...(kind ? { kind } : {}),
        ...(state ? { state } : {}),
        ...(before ? { id: { lt: before } } : {}),
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  /** As it is at this moment. */
  async countOf(tx: TenantTx, organization: OrganizationId, id: string): Promise<JobCounts> {
    const rows = await tx.$queryRawUnsafe<CountRow[]>(COUNT, [organization], [id]);
    return countsOf(rows);
  }

  /** @returns false when it is in none of those states any more */
  async move(sql: TenantSql, id: string, from: readonly JobState[], to: JobState): Promise<boolean> {
    const { rowCount } = await sql.query(
      `update jobs set state = $3, applied = false, count_after = now(), updated_at = now(), finished_at = null
        where id = $1 and state = any ($2)`,
      [id, from, to],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Those whose time has come, each at one node. */
  async due(sql: SystemSql, limit: number): Promise<DueJob[]> {
    const { rows } = await sql.query<{
      organization_id: OrganizationId;
      id: string;
      kind: JobKind;
      state: JobState;
      applied: boolean;
      total: number;
      counts: unknown;
      result: JobResult;
      rested_ms: number | null;
    }>(DUE, [limit]);
    return rows.map(({ organization_id: organization, rested_ms: restedMs, counts, ...row }) => ({
      ...row,
      organization,
      restedMs,
      counts: JobCounts.parse(counts),
    }));
  }

  /** By id. */
  async count(sql: SystemSql, jobs: readonly DueJob[]): Promise<Map<string, JobCounts>> {
    const { rows } = await sql.query<CountRow>(COUNT, [
      jobs.map(({ organization }) => organization),
      jobs.map(({ id }) => id),
    ]);
    return new Map(jobs.map(({ id }) => [id, countsOf(rows.filter((row) => row.job_id === id))]));
  }

  async keep(sql: SystemSql, jobs: readonly Counted[]): Promise<void> {
    await sql.query(KEEP, [
      jobs.map(({ organization }) => organization),
      jobs.map(({ id }) => id),
      jobs.map(({ state }) => state),
      jobs.map(({ counts }) => JSON.stringify(counts)),
      jobs.map(({ rested }) => rested),
      jobs.map(({ againMs }) => againMs),
    ]);
  }

  async stateOf(organization: OrganizationId, id: string): Promise<JobState | undefined> {
    const { rows } = await this.system.query<{ state: JobState }>(
      'select state from jobs where organization_id = $1 and id = $2',
      [organization, id],
    );
    return rows[0]?.state;
  }

  /** What it consists of has followed. @returns false when the state is another by now */
  async applied(organization: OrganizationId, id: string, state: JobState): Promise<boolean> {
    const { rowCount } = await this.system.query(
      'update jobs set applied = true where organization_id = $1 and id = $2 and state = $3',
      [organization, id, state],
    );
    return (rowCount ?? 0) > 0;
  }
}

const countsOf = (rows: readonly CountRow[]): JobCounts =>
  JobCounts.parse(Object.fromEntries(rows.map(({ status, n }) => [status, n])));
