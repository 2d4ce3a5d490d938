import { useId } from 'react';
import { cx } from '@/lib/cx';

const CONTROL =
  'min-h-10 w-full rounded-lg border border-line bg-surface px-3 text-sm text-ink placeholder:text-quiet aria-invalid:border-bad';

type FieldProps = { label: string; hint?: string; error?: string | undefined };

/** A labelled input; what is wrong with it is said below it and read out. */
export function Field({ label, hint, error, className, ...rest }: FieldProps & React.ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className={cx('grid gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input id={id} className={CONTROL} aria-invalid={error !== undefined} aria-describedby={`${id}-say`} {...rest} />
      <p
        id={`${id}-say`}
        role={error ? 'alert' : undefined}
        className={cx('text-xs', error ? 'text-bad' : 'text-quiet')}
      >
        {error ?? hint}
      </p>
    </div>
  );
}

export function SelectField({
  label,
  options,
  ...rest
}: { label: string; options: readonly (readonly [value: string, text: string])[] } & React.ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select id={id} className={CONTROL} {...rest}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
