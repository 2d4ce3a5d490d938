import { cx } from '@/lib/cx';

type Look = 'primary' | 'plain' | 'ghost' | 'danger' | 'destructive';

export type ButtonProps = React.ComponentProps<'button'> & { look?: Look | undefined; busy?: boolean };

/** For a link that looks like a button. */
export const buttonClass = (look: Look = 'primary', className?: string): string =>
  cx('button', `button-${look}`, className);

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
