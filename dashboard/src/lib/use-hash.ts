'use client';
import { useSyncExternalStore } from 'react';

const follow = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

/** What stands after `#`, which no server sees; null until the browser has the page. */
export const useHash = (): string | null =>
  useSyncExternalStore(
    follow,
    () => location.hash.slice(1),
    () => null,
  );
