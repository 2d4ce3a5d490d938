'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import type { Filters } from './activity.rules';

const NAMES = ['actor', 'about', 'from', 'to'] as const satisfies readonly (keyof Filters)[];

/** The filters, kept in the address: what was found can be passed on. */
export function useFilters(): {
  filters: Filters;
  filtered: boolean;
  set: (changes: Partial<Filters>) => void;
  clear: () => void;
} {
  const path = usePathname();
  const params = useSearchParams();
  const valueOf = (name: string): string => params.get(name) ?? '';
  const show = (values: Partial<Filters>): void => {
    const next = new URLSearchParams(params);
    for (const name of NAMES) {
      if (values[name]) next.set(name, values[name]);
      else next.delete(name);
    }
    history.replaceState(null, '', next.size > 0 ? `${path}?${next.toString()}` : path); // nothing to ask the server for
  };
  const filters = { actor: valueOf('actor'), about: valueOf('about'), from: valueOf('from'), to: valueOf('to') };
  return {
    filters,
    filtered: NAMES.some((name) => filters[name] !== ''),
    set: (changes) => show({ ...filters, ...changes }),
    clear: () => show({}),
  };
}
