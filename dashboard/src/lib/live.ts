'use client';
import type { Line } from './live-line';

/** How long after it could not be loaded the line is tried again. */
const RETRY_MS = 5_000;

/** Follows what happens from when the page is there: the line, and the client of Socket.IO with it, is loaded then. */
export function followLive(line: Line): () => void {
  let leave: (() => void) | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let left = false;
  const begin = (): void =>
    void import('./live-line').then(
      ({ follow }) => {
        if (!left) leave = follow(line);
      },
      () => {
        if (left) return;
        line.onState(false);
        retry = setTimeout(begin, RETRY_MS);
      },
    );
  begin();
  return () => {
    left = true;
    clearTimeout(retry);
    leave?.();
  };
}
