import { InboundRepository } from '../modules/messages/inbound.repository.ts';
import { type KeyChanges, SessionKeysRepository } from '../modules/sessions/session-keys.repository.ts';
import type { IncomingMessage, Lease } from '../modules/sessions/session-traffic.ts';

export type When = 'before' | 'after';

/** Fails calls in the name of a session: instead of the real call, or after it was committed. */
export class Strikes {
  private readonly plans = new Map<string, { calls: Set<number>; when: When; counted: number }>();

  /** @param calls by number, the next is 1 */
  arm(session: string, when: When, calls: readonly number[]): void {
    this.plans.set(session, { calls: new Set(calls), when, counted: 0 });
  }

  /** Calls that were to fail and have not come. */
  left(session: string): number {
    return this.plans.get(session)?.calls.size ?? 0;
  }

  async around<T>(session: string, work: () => Promise<T>): Promise<T> {
    const plan = this.plans.get(session);
    if (plan) plan.counted += 1;
    if (!plan?.calls.delete(plan.counted)) return work();
    if (plan.when === 'after') await work();
    throw new Error(`struck ${plan.when} call ${plan.counted}`);
  }
}

/** The keys of sessions, whose writes fail. */
export const struckKeys = (saves: Strikes) =>
  class StruckKeys extends SessionKeysRepository {
    override save(lease: Lease, changes: KeyChanges): Promise<void> {
      return saves.around(lease.session, () => super.save(lease, changes));
    }
  };

/** What comes in, whose writes fail. */
export const struckInbound = (messages: Strikes) =>
  class StruckInbound extends InboundRepository {
    override storeMessages(lease: Lease, batch: readonly IncomingMessage[]): Promise<void> {
      return messages.around(lease.session, () => super.storeMessages(lease, batch));
    }
  };
