import type { OperatorHealth } from '@wasel/backend/contract';

/** What somebody has to look at; each has words with what to do. */
export type Concern = 'noNodes' | 'unowned' | 'silent' | 'outbox' | 'inbox' | 'mails' | 'facts' | 'connections';

const MINUTE_SECONDS = 60;

/** By the bounds that docs/operating/metrics.md names for what is worth waking somebody. */
export function concernsOf(health: OperatorHealth): Concern[] {
  const concerns: readonly (readonly [Concern, boolean])[] = [
    ['noNodes', health.nodes.length === 0],
    ['unowned', health.numbers_unowned > 0],
    ['silent', health.numbers_silent > 0],
    ['outbox', health.outbox.due_oldest_seconds > 15 * MINUTE_SECONDS],
    ['inbox', health.inbox.oldest_seconds > 2 * MINUTE_SECONDS],
    ['mails', health.mails.oldest_seconds > 15 * MINUTE_SECONDS],
    ['facts', health.facts_lag_seconds > 10],
    ['connections', health.database.connections > health.database.connections_max * 0.9],
  ];
  return concerns.flatMap(([concern, is]) => (is ? [concern] : []));
}
