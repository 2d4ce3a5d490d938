import { cx } from '@/lib/cx';

const LOOKS = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  plain: 'bg-surface text-ink border border-line hover:bg-raised',
  ghost: 'text-quiet hover:bg-raised hover:text-ink',
  danger: 'bg-surface text-bad border border-line hover:bg-raised',
  destructive: 'bg-bad text-white hover:opacity-90 dark:text-black',
} as const;

export type ButtonProps = React.ComponentProps<'button'> & { look?: keyof typeof LOOKS; busy?: boolean };

export const buttonClass = (look: keyof typeof LOOKS = 'primary', className?: string): string =>
  cx(
    'inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 text-sm font-medium transition disabled:cursor-not-allowed disabled:opacity-50',
    LOOKS[look],
    className,
  );

export function Button({ look, busy = false, className, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy}
      disabled={disabled || busy}
      className={buttonClass(look, className)}
      {...rest}
    />
  );
}
