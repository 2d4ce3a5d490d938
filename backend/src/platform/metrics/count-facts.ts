import type { StoredFact } from '../facts/fact-log.ts';
import type { Metrics } from './metrics.ts';

/** Counts what was committed anywhere: facts are read by every node, and only after their commit. */
export function countFacts(metrics: Metrics, facts: readonly StoredFact[]): void {
  for (const { type, payload } of facts) {
    if (type === 'message.created') {
      const inbound = payload['direction'] === 'inbound';
      metrics.messages.inc({ direction: inbound ? 'inbound' : 'outbound', status: inbound ? 'received' : 'accepted' });
    } else if (type === 'message.status') {
      metrics.messages.inc({ direction: 'outbound', status: word(payload['status']) });
    } else if (type === 'session.status') {
      metrics.sessionChanges.inc({ state: word(payload['state']), reason: word(payload['reason']) });
    }
  }
}

/** States and reasons are words of ours; what is none would make a series of its own. */
const word = (value: unknown): string => (typeof value === 'string' && /^[a-z_]{1,30}$/.test(value) ? value : 'none');
