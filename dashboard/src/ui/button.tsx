import { cx } from '@/lib/cx';

const LOOKS = {
  primary: 'bg-accent text-accent-ink hover:brightness-110',
  plain: 'bg-surface text-ink border border-line shadow-card hover:bg-raised',
  ghost: 'text-quiet hover:bg-raised hover:text-ink',
  danger: 'bg-surface text-bad border border-line shadow-card hover:bg-bad-soft',
  destructive: 'bg-bad text-bad-ink hover:brightness-110',
} as const;

export type ButtonProps = React.ComponentProps<'button'> & { look?: keyof typeof LOOKS; busy?: boolean };

export const buttonClass = (look: keyof typeof LOOKS = 'primary', className?: string): string =>
  cx(
    'inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-4 text-center text-sm font-medium transition disabled:cursor-not-allowed disabled:opacity-50',
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

/** A button that is an icon; its name is read out and shown to who waits above it. */
export const IconButton = ({ label, className, ...rest }: ButtonProps & { label: string }) => (
  <Button aria-label={label} title={label} className={cx('size-10 shrink-0 px-0', className)} {...rest} />
);
