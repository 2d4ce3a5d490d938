import { useId } from 'react';
import { cx } from '@/lib/cx';
import { CONTROL } from './control';
import { type Options, Select } from './select';

type FieldProps = { label: string; hint?: string; error?: string | undefined };

/** A labelled input; what is wrong with it is said below it and read out. */
export function Field({ label, hint, error, className, ...rest }: FieldProps & React.ComponentProps<'input'>) {
  const id = useId();
  const say = error ?? hint;
  return (
    <div className={cx('grid min-w-0 gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        className={CONTROL}
        aria-invalid={error !== undefined}
        aria-describedby={say ? `${id}-say` : undefined}
        {...rest}
      />
      <Say id={`${id}-say`} text={say} wrong={error !== undefined} />
    </div>
  );
}

const Say = ({ id, text, wrong = false }: { id: string; text: string | undefined; wrong?: boolean }) =>
  text ? (
    <p
      id={id}
      role={wrong ? 'alert' : undefined}
      className={cx('text-xs leading-5 wrap-anywhere', wrong ? 'text-bad' : 'text-quiet')}
    >
      {text}
    </p>
  ) : null;

export function SelectField({
  label,
  hint,
  options,
  ...rest
}: { label: string; hint?: string; options: Options } & React.ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className="grid min-w-0 gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <Select id={id} options={options} aria-describedby={hint ? `${id}-say` : undefined} {...rest} />
      <Say id={`${id}-say`} text={hint} />
    </div>
  );
}

/** Why a form as a whole was not taken. */
export const FormFault = ({ children }: { children: React.ReactNode }) => (
  <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2.5 text-sm text-bad">
    {children}
  </p>
);
