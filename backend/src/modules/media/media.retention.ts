import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import { within } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { MediaRetentionRepository, type Removal } from './media.retention.repository.ts';
import { MediaStore } from './media.store.ts';

const INTERVAL_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const BATCH = 200;
const REMOVALS = 20;
/** Longest that one object may take: another node takes it over after five minutes, and by then nothing of ours is under way. */
const REMOVE_MAX_MS = 60_000;
/** Nothing that is written or uploaded takes as long. */
const HALF_DONE_MS = DAY_MS;
const SHUTDOWN_WAIT_MS = 5_000;

/**
 * Ends files that are older than their organization's plan keeps them, and takes away what nobody answers for. First the row says
 * that a file is gone, then its bytes go; a node that dies in between is followed by any other.
 */
@Injectable()
export class MediaRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MediaRetention.name);
  private cancel: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly files: MediaRetentionRepository,
    private readonly store: MediaStore,
    private readonly entitlements: Entitlements,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.cancel?.();
    if (this.running)
      await within(this.clock, this.running, SHUTDOWN_WAIT_MS, () => new Error('late')).catch(() => undefined);
  }

  private schedule(): void {
    this.cancel = this.clock.setTimeout(() => {
      this.running = this.run()
        .catch((error: unknown) => this.log.warn({ error: String(error) }, 'old files not looked at; trying again'))
        .finally(() => {
          if (!this.stopped) this.schedule();
        });
    }, INTERVAL_MS);
  }

  /** Everything that is due, once. */
  async run(): Promise<void> {
    await this.giveUpRequests();
    await this.expireAll();
    await this.removeAll();
    await this.store.sweep(new Date(this.clock.now().getTime() - HALF_DONE_MS));
  }

  private async giveUpRequests(): Promise<void> {
    let late: OrganizationId[];
    do {
      late = await this.files.giveUpRequests(BATCH);
      for (const organization of new Set(late)) this.signals.send('facts', { organization });
    } while (late.length === BATCH && !this.stopped);
  }

  private async expireAll(): Promise<void> {
    let after: OrganizationId | null = null;
    do {
      const page: OrganizationId[] = await this.files.organizations(after, BATCH);
      for (const organization of page) await this.expire(organization);
      after = page.length === BATCH ? (page.at(-1) ?? null) : null;
    } while (after !== null && !this.stopped);
  }

  private async expire(organization: OrganizationId): Promise<void> {
    const days = this.entitlements.mediaRetentionDays(organization);
    const before = new Date(this.clock.now().getTime() - days * DAY_MS);
    let ended: number;
    do {
      ended = await this.files.expire(organization, before, BATCH);
      if (ended > 0) this.log.log({ organization, ended, days }, 'files ended');
    } while (ended === BATCH && !this.stopped);
  }

  private async removeAll(): Promise<void> {
    let removals: Removal[];
    do {
      removals = await this.files.claimRemovals(REMOVALS);
      for (const removal of removals) {
        if (this.stopped) return; // claimed and not begun: the next one to look takes it over
        await this.remove(removal).catch((error: unknown) =>
          this.log.warn({ key: removal.storageKey, error: String(error) }, 'not taken out of the store, trying again'),
        );
      }
    } while (removals.length === REMOVALS);
  }

  private async remove(removal: Removal): Promise<void> {
    // A node that was stopped for minutes between the claim and here must not take away what was stored anew meanwhile.
    if (this.clock.now().getTime() - removal.claimedAt.getTime() > REMOVE_MAX_MS) return;
    if (await this.files.release(removal)) return;
    await within(this.clock, this.store.remove(removal.storageKey), REMOVE_MAX_MS, () => new Error('took too long'));
    await this.files.removed(removal);
  }
}
