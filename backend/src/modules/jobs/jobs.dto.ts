import { z } from 'zod';
import { JobId, SessionId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';

/** Many messages that leave one after the other; those of a `broadcast` say the same to many people. */
export const JobKind = z.enum(['bulk_messages', 'broadcast']);
export type JobKind = z.infer<typeof JobKind>;

/**
 * `paused` what had not left waits for a person; `completed` nothing of it waits any more, whatever became of it; `cancelled`
 * what had not left does not leave; `failed` it could not be done as a whole
 */
export const JobState = z.enum(['queued', 'running', 'paused', 'completed', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

const count = z.number().int().default(0);

/** Messages of a job by their status. */
export const JobCounts = z.object({
  pending: count,
  queued: count,
  sending: count,
  sent: count,
  delivered: count,
  read: count,
  played: count,
  failed: count,
  cancelled: count,
});
export type JobCounts = z.infer<typeof JobCounts>;

/** What else became of a job, by its kind. */
export const JobResult = z.record(z.string(), z.unknown()).nullable();
export type JobResult = z.infer<typeof JobResult>;

export const JobView = z.object({
  id: JobId,
  kind: JobKind,
  name: z.string(),
  state: JobState,
  /** The number that it leaves from; null: several. */
  session_id: SessionId.nullable(),
  total: z.number().int(),
  /** How many of it are how far; in a list as of the last count, a few seconds ago. */
  counts: JobCounts,
  /** What else became of it, by kind: of a broadcast how many people have `replied`. Null while there is nothing to say. */
  result: JobResult,
  /** Whoever began it, as he was called then. */
  created_by: z.string(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
});
export type JobView = z.infer<typeof JobView>;

export const ListJobs = PageQuery.extend({ kind: JobKind.optional(), state: JobState.optional() });
export type ListJobs = z.infer<typeof ListJobs>;

export const JobPage = pageOf(JobView);
export type JobPage = z.infer<typeof JobPage>;
