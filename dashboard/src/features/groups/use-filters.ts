'use client';
import { usePathname, useSearchParams } from 'next/navigation';

const FILTERS = ['search', 'number', 'role', 'kind', 'sort'] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;

/** What the list is narrowed to and sorted by, kept in the address: it is the same when somebody comes back to it. */
export function useFilters(): { filters: Filters; narrowed: boolean; set: (changes: Partial<Filters>) => void } {
  const path = usePathname();
  const params = useSearchParams();
  const filters = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? ''])) as Filters;
  return {
    filters,
    narrowed: FILTERS.some((name) => name !== 'sort' && filters[name] !== ''),
    set: (changes) => {
      const next = new URLSearchParams(Object.entries({ ...filters, ...changes }).filter(([, value]) => value !== ''));
      history.replaceState(null, '', next.size > 0 ? `${path}?${next.toString()}` : path); // nothing to ask the server for
    },
  };
}
