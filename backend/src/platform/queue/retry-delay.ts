const FIRST_MS = 15_000;
const MAX_MS = 3_600_000;

/** How long after its `attempts`th failure something is tried again: 15 s, doubling up to an hour. */
export const retryDelayMs = (attempts: number): number => Math.min(FIRST_MS * 2 ** (attempts - 1), MAX_MS);
