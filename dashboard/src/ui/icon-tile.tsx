import type { LucideIcon } from 'lucide-react';
import { cx } from '@/lib/cx';

const COLORS = {
  green: 'bg-emerald-700 text-white',
  blue: 'bg-sky-700 text-white',
  violet: 'bg-violet-700 text-white',
  rose: 'bg-rose-700 text-white',
  amber: 'bg-amber-700 text-white',
  slate: 'bg-slate-600 text-white',
} as const;

/** A spot of the same colors, beside a name. */
const DOTS = {
  green: 'bg-emerald-600',
  blue: 'bg-sky-600',
  violet: 'bg-violet-600',
  rose: 'bg-rose-600',
  amber: 'bg-amber-600',
  slate: 'bg-slate-500',
} as const;

export const ColorDot = ({ color }: { color: keyof typeof DOTS | null }) => (
  <span aria-hidden className={cx('size-2 shrink-0 rounded-full', color ? DOTS[color] : 'bg-edge')} />
);

/** What kind of thing a row is about; its words say the same. A color tells one from the others of its kind. */
export const IconTile = ({ icon: Icon, color = null }: { icon: LucideIcon; color?: keyof typeof COLORS | null }) => (
  <span
    aria-hidden
    className={cx(
      'grid size-10 shrink-0 place-items-center rounded-lg',
      color ? COLORS[color] : 'bg-raised text-quiet',
    )}
  >
    <Icon className="size-5" />
  </span>
);
