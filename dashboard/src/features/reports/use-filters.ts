'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { FILTERS, type Filters } from './reports.rules';

/** The filters, kept in the address: what was found can be passed on. */
export function useFilters(): {
  filters: Filters;
  filtered: boolean;
  set: (changes: Partial<Filters>) => void;
  clear: () => void;
} {
  const path = usePathname();
  const params = useSearchParams();
  const filters = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? ''])) as Filters;
  const show = (values: Partial<Filters>): void => {
    const next = new URLSearchParams(
      Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1])),
    );
    history.replaceState(null, '', next.size > 0 ? `${path}?${next.toString()}` : path); // nothing to ask the server for
  };
  return {
    filters,
    filtered: FILTERS.some((name) => filters[name] !== ''),
    set: (changes) => show({ ...filters, ...changes }),
    clear: () => show({}),
  };
}
