import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import type { SystemTx } from '../database/system-db.ts';
import { WorkLoop } from '../queue/work-loop.ts';
import type { Signals } from '../signals/signals.ts';
import type { FactCursors, FollowedFact, Follower } from './fact-cursors.ts';

/** Covers a signal that was lost. */
const SWEEP_MS = 2_000;
/** Signals of the meantime are one look; also how soon is looked again at what an older transaction holds back. */
const REST_MS = 50;
const SHUTDOWN_WAIT_MS = 5_000;

/** What is told to others of a batch, once it has committed. */
type Tell = () => void;

export type Following = Readonly<{
  follower: Follower;
  /** What is made of facts, for the log: "deliveries". */
  makes: string;
  restMs?: number;
  /** In the transaction in which the follower's place moves behind these facts. */
  take: (tx: SystemTx, facts: FollowedFact[]) => Promise<Tell>;
}>;

/** Follows the log of facts for all nodes, one node at a time: `FactCursors` says why nothing is missed and nothing done twice. */
export class FactLoop {
  private readonly log: Logger;
  private readonly loop: WorkLoop;

  constructor(
    private readonly clock: Clock,
    signals: Signals,
    private readonly cursors: FactCursors,
    private readonly following: Following,
  ) {
    this.log = new Logger(`FactLoop ${following.follower.name}`);
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'facts', sweepMs: SWEEP_MS },
      () => this.run(),
      (error) =>
        this.log.warn({ error: String(error) }, `facts not made into ${following.makes}; the sweep tries again`),
    );
  }

  async start(): Promise<void> {
    const { follower, makes } = this.following;
    await this.cursors.begin(follower);
    if (await this.cursors.skipForgotten(follower))
      this.log.error(
        `facts were forgotten before they were made into ${makes}: no node ran for longer than they are kept`,
      );
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async run(): Promise<void> {
    const { follower, take, restMs = REST_MS } = this.following;
    let step: Awaited<ReturnType<FactCursors['advance']>>;
    do {
      let tell: Tell = () => undefined;
      step = await this.cursors.advance(follower, async (tx, facts) => {
        tell = await take(tx, facts);
      });
      tell();
    } while (step === 'more' && !this.loop.stopped);
    await this.clock.pause(restMs).over;
    if (step === 'unsettled') this.loop.wake();
  }
}
