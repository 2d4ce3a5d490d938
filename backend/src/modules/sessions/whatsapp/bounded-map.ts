import { LRUCache } from 'lru-cache';

/**
 * A map that forgets what was used longest ago. For things that each session has one of: `max` of lru-cache sets room aside
 * for all entries at once (140 kB for 5,000), whether they ever come or not.
 */
export const boundedMap = <Value extends object | string | number | true>(maxEntries: number) =>
  new LRUCache<string, Value>({ maxSize: maxEntries, sizeCalculation: () => 1 });
