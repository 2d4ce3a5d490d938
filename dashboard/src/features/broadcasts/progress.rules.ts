import type { BroadcastSummary } from '@wasel/backend/contract';

type Counts = BroadcastSummary['counts'];

/** How far the messages of a broadcast have come: who read it has it, too, and it was sent to him. */
export type Reach = Readonly<{
  waiting: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  cancelled: number;
}>;

export function reachOf(counts: Counts): Reach {
  const read = counts.read + counts.played;
  const delivered = counts.delivered + read;
  return {
    waiting: counts.pending + counts.queued + counts.sending,
    sent: counts.sent + delivered,
    delivered,
    read,
    failed: counts.failed,
    cancelled: counts.cancelled,
  };
}

/** What a bar is made of, from its beginning; together with what waits they are everybody. */
export const PARTS = ['read', 'delivered', 'sent', 'failed', 'cancelled'] as const;

/** Each person once, by the furthest that his message has come. */
export function partsOf(reach: Reach): Readonly<Record<(typeof PARTS)[number], number>> {
  return {
    read: reach.read,
    delivered: reach.delivered - reach.read,
    sent: reach.sent - reach.delivered,
    failed: reach.failed,
    cancelled: reach.cancelled,
  };
}

/** Whether it may still move by itself. */
export const isOver = (state: BroadcastSummary['state']): boolean => state === 'completed' || state === 'cancelled';
