import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { MediaStore } from '../media/media.store.ts';
import { type DueDeletion, OrganizationDeletionsRepository } from './organization-deletions.repository.ts';

/** Numbers come to rest without saying so to us. */
const SWEEP_MS = 5_000;
/** Until then the nodes have read the facts that put its members out. */
const SETTLE_MS = 30_000;
/** A number that no node could unlink until then is let go: its phone shows a device that never comes back. */
const UNLINK_MAX_MS = 300_000;
/** How long a shutdown waits for the step that is under way; one that is broken off is done again. */
const SHUTDOWN_WAIT_MS = 5_000;

/**
 * Ends organizations whose grace time is over, and takes away what is left of them when their numbers are unlinked. Each step
 * can be done again, so a node that dies leaves the rest to the next one, and two that work at once do no harm.
 */
@Injectable()
export class OrganizationReaper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(OrganizationReaper.name);
  private readonly loop: WorkLoop;

  constructor(
    clock: Clock,
    private readonly signals: Signals,
    private readonly deletions: OrganizationDeletionsRepository,
    private readonly files: MediaStore,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'deletions', sweepMs: SWEEP_MS },
      () => this.run(),
      (error) => this.log.warn({ error: String(error) }, 'deletions not looked at; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async run(): Promise<void> {
    for (const deletion of await this.deletions.due(SETTLE_MS, UNLINK_MAX_MS)) {
      if (this.loop.stopped) return;
      await this.reap(deletion).catch((error: unknown) =>
        this.log.warn({ organization: deletion.organization, error: String(error) }, 'not deleted yet, trying again'),
      );
    }
  }

  private async reap({ organization, ended, settled, overdue }: DueDeletion): Promise<void> {
    if (!ended) {
      if (await this.deletions.end(organization)) this.signals.send('facts', { organization });
      else return;
    }
    for (const session of await this.deletions.unlink(organization)) this.signals.send('session', { session });
    const left = await this.deletions.numbersLeft(organization);
    if (!settled || (left > 0 && !overdue)) return;
    if (left > 0) this.log.warn({ organization, left }, 'numbers could not be unlinked in time, and are let go');
    await this.deletions.endLeases(organization);
    await this.deletions.empty(organization);
    await this.deletions.remove(organization);
    await this.files.removeAll(organization);
    await this.deletions.complete(organization);
    this.log.log({ organization }, 'organization deleted');
  }
}
