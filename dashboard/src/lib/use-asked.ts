'use client';
import { usePathname, useSearchParams } from 'next/navigation';

/**
 * Something that a page shows when its address asks for it (`/numbers?add`), so that a link can open it from anywhere.
 * Closed, the address is plain again.
 */
export function useAsked(name: string): [asked: boolean, ask: (asked: boolean) => void] {
  const path = usePathname();
  const params = useSearchParams();
  const ask = (asked: boolean): void => {
    const next = new URLSearchParams(params);
    if (asked) next.set(name, '');
    else next.delete(name);
    history.replaceState(null, '', next.size > 0 ? `${path}?${next.toString()}` : path); // nothing to ask the server for
  };
  return [params.has(name), ask];
}
