/** How fast a number sends. */
export type Pace = Readonly<{ maxPerMinute: number; minGapMs: number }>;

export const MINUTE_MS = 60_000;

/** A number can be slower than the node lets it be, never faster; what leaves in a minute leaves evenly. */
export function paceOf(node: Pace, maxPerMinute: number | null): Pace {
  if (maxPerMinute === null) return node;
  return {
    maxPerMinute: Math.min(node.maxPerMinute, maxPerMinute),
    minGapMs: Math.max(node.minGapMs, MINUTE_MS / maxPerMinute),
  };
}
