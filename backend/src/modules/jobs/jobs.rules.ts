import type { DomainError } from '../../kernel/domain-error.ts';
import type { JobCounts, JobState } from './jobs.dto.ts';
import { JobNotCancellable, JobNotPausable, JobNotResumable } from './jobs.errors.ts';

/** What a person can ask of a job that is under way. */
export type JobOrder = 'pause' | 'resume' | 'cancel';

/** What it becomes, out of what, and what is said when it is in no such state. */
export const ORDERS: Readonly<
  Record<JobOrder, Readonly<{ to: JobState; from: readonly JobState[]; refusal: (state: string) => DomainError }>>
> = {
  pause: { to: 'paused', from: ['queued', 'running'], refusal: (state) => new JobNotPausable(state) },
  resume: { to: 'running', from: ['paused'], refusal: (state) => new JobNotResumable(state) },
  cancel: { to: 'cancelled', from: ['queued', 'running', 'paused'], refusal: (state) => new JobNotCancellable(state) },
};

/** How many have still to leave. */
export const waitingOf = ({ pending, queued, sending }: JobCounts): number => pending + queued + sending;

/** What a job is after a count: what is running is completed when nothing of it waits any more. */
export const stateAfter = (state: JobState, counts: JobCounts): JobState =>
  state === 'running' && waitingOf(counts) === 0 ? 'completed' : state;

const SECOND_MS = 1_000;
/** Receipts come for a while after the last message has left. */
const RECEIPTS_MS = 3_600 * SECOND_MS;

/**
 * How long until a job is counted again, in ms; null: never.
 * @param restedMs since when nothing of it waits any more; null while something does
 */
export function countAgainMs(state: JobState, changed: boolean, restedMs: number | null): number | null {
  if (restedMs !== null) return restedMs > RECEIPTS_MS ? null : 15 * SECOND_MS;
  if (changed) return SECOND_MS;
  return state === 'paused' ? 30 * SECOND_MS : 3 * SECOND_MS;
}
