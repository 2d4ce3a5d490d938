import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { BATCH, JobMessagesRepository } from './job-messages.repository.ts';
import { JobCounts } from './jobs.dto.ts';
import { type DueJob, JobsRepository } from './jobs.repository.ts';
import { countAgainMs, stateAfter, waitingOf } from './jobs.rules.ts';

/** As often as people are told how far a job has come. */
const SWEEP_MS = 1_000;
/** Jobs in one transaction. */
const DUE_MAX = 20;
const SHUTDOWN_WAIT_MS = 5_000;

/**
 * Counts how far jobs have come, tells it, and has their messages follow what people decided. Any node does it, each job at
 * one of them at a time; whatever a node that died has begun, another goes on with.
 */
@Injectable()
export class JobsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(JobsWorker.name);
  private readonly loop: WorkLoop;

  constructor(
    clock: Clock,
    private readonly system: SystemDb,
    private readonly jobs: JobsRepository,
    private readonly messages: JobMessagesRepository,
    private readonly signals: Signals,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'jobs', sweepMs: SWEEP_MS },
      () => this.work(),
      (error) => this.log.warn({ error: String(error) }, 'jobs not counted; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  /** Has the messages of a job follow its state, whatever it is by now, until there are no more to follow. */
  async apply(organization: OrganizationId, id: string): Promise<void> {
    for (;;) {
      const state = await this.jobs.stateOf(organization, id);
      if (!state) return;
      while ((await this.messages.apply(organization, id, state)) === BATCH && !this.loop.stopped);
      if (this.loop.stopped || (await this.jobs.applied(organization, id, state))) return;
    }
  }

  private async work(): Promise<void> {
    let due: readonly DueJob[];
    do {
      due = await this.count();
      // What a node gave back after its job was paused or cancelled follows as well.
      for (const { organization, id, state, applied } of due)
        if (!applied || ((state === 'paused' || state === 'cancelled') && !this.loop.stopped)) {
          await this.apply(organization, id);
          this.signals.send('facts', { organization });
        }
    } while (due.length === DUE_MAX && !this.loop.stopped);
  }

  private async count(): Promise<readonly DueJob[]> {
    const { due, told } = await this.system.transaction(async (sql) => {
      const found = await this.jobs.due(sql, DUE_MAX);
      if (found.length === 0) return { due: found, told: [] };
      const counts = await this.jobs.count(sql, found);
      const counted = found.map((job) => countedOf(job, counts.get(job.id) ?? JobCounts.parse({})));
      await this.jobs.keep(sql, counted);
      return { due: found, told: counted.filter(({ changed }) => changed) };
    });
    for (const { organization, id, kind, state, total, counts, result } of told)
      this.signals.send('job_progress', { organization, job_id: id, kind, state, total, counts, result });
    return due;
  }
}

function countedOf(job: DueJob, counts: JobCounts) {
  const state = stateAfter(job.state, counts);
  const changed = !job.applied || state !== job.state || !isDeepStrictEqual(counts, job.counts);
  const rested = state !== 'paused' && waitingOf(counts) === 0;
  return {
    ...job,
    state,
    counts,
    changed,
    rested,
    againMs: countAgainMs(state, changed, rested ? (job.restedMs ?? 0) : null),
  };
}
