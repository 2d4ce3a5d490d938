'use client';
import { Search } from 'lucide-react';
import { cx } from '@/lib/cx';
import { CONTROL } from './control';

/** What to search for, said by a lens and by the words in it; each letter counts at once. */
export const SearchField = ({
  label,
  search,
  change,
  className,
  role,
}: {
  label: string;
  search: string;
  change: (search: string) => void;
  className?: string;
  /** Where nothing else is searched with it. */
  role?: 'search';
}) => (
  <div className={cx('relative grid', className)} role={role}>
    <Search className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-quiet" aria-hidden />
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={100}
      className={cx(CONTROL, 'ps-9')}
      value={search}
      onChange={(event) => change(event.target.value)}
    />
  </div>
);
