import { cx } from '@/lib/cx';

/** The W of two ticks, as of a message that has arrived. The same drawing as `app/icon.svg`. */
export const LogoMark = ({ className = 'size-8' }: { className?: string }) => (
  <svg viewBox="0 0 32 32" aria-hidden className={cx('shrink-0', className)}>
    <rect width="32" height="32" rx="8" className="fill-accent" />
    <path
      d="M6 13.5 11 21l4.6-8.2 4.1 8.2L27 9.5"
      className="fill-none stroke-accent-ink"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);

export const Logo = () => (
  <span className="inline-flex items-center gap-2.5 text-lg font-semibold tracking-tight">
    <LogoMark /> Wasel
  </span>
);
