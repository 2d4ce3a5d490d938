import { UserRound } from 'lucide-react';
import { cx } from '@/lib/cx';

/** Somebody at a glance: the first letters of a name, or a figure for who has none. The name itself stands beside it. */
export function Avatar({ name, className }: { name: string | null; className?: string }) {
  const letters = initialsOf(name ?? '');
  return (
    <span aria-hidden className={cx('avatar', className)}>
      {letters === '' ? <UserRound className="size-[45%]" /> : letters}
    </span>
  );
}

/** Of the first and the last word. */
export function initialsOf(name: string): string {
  const letters = name.split(/\s+/u).flatMap((word) => /^\p{L}/u.exec(word)?.[0] ?? []);
  return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toLocaleUpperCase();
}
