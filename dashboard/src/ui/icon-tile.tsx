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
