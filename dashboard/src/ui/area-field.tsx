import { useId } from 'react';
import { cx } from '@/lib/cx';
import { CONTROL } from './control';

/** A labelled field for some sentences. */
export function AreaField({
  label,
  hint,
  className,
  ...rest
}: { label: string; hint?: string } & React.ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <div className={cx('grid min-w-0 gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={3}
        className={cx(CONTROL, 'py-2 leading-6')}
        aria-describedby={hint ? `${id}-say` : undefined}
        {...rest}
      />
      {hint ? (
        <p id={`${id}-say`} className="text-xs leading-5 text-quiet">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
