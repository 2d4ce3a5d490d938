import { type LucideIcon, UserRound } from 'lucide-react';
import { cx } from '@/lib/cx';

/** Somebody at a glance: the first letters of a name, or a figure for who has none. The name itself stands beside it. */
export function Avatar({
  name,
  Figure = UserRound,
  className,
}: {
  name: string | null;
  Figure?: LucideIcon;
  className?: string;
}) {
  const letters = initialsOf(name ?? '');
  return (
    <span aria-hidden className={cx('avatar', className)}>
      {letters === '' ? <Figure className="size-[45%]" /> : letters}
    </span>
  );
}

/** Of the first and the last word. */
export function initialsOf(name: string): string {
  const letters = name.split(/\s+/u).flatMap((word) => /^\p{L}/u.exec(word)?.[0] ?? []);
  return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toLocaleUpperCase();
}
