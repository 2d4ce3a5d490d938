import { SystemClock } from '../kernel/clock.ts';

/** A clock for a house without a node that runs numbers: nobody waits long for a code that does not come. */
export class HastyClock extends SystemClock {
  override setTimeout(work: () => void, ms: number): () => void {
    return super.setTimeout(work, Math.min(ms, 200));
  }
}
