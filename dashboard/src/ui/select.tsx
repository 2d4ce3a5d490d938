import { ChevronDown } from 'lucide-react';
import { cx } from '@/lib/cx';
import { CONTROL } from './control';

export type Options = readonly (readonly [value: string, text: string])[];

/** The browser's own list under our own looks. It is labelled by whoever shows it. */
export const Select = ({
  options,
  quiet = false,
  className,
  ...rest
}: {
  options: Options;
  /** Not to be filled in, but to be found. */
  quiet?: boolean;
} & Omit<React.ComponentProps<'select'>, 'children'>) => (
  <span className={cx('relative grid', className)}>
    <select className={cx(CONTROL, 'appearance-none truncate pe-9', quiet && 'border-line shadow-card')} {...rest}>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
    <ChevronDown className="pointer-events-none absolute inset-y-0 end-3 my-auto size-4 text-quiet" aria-hidden />
  </span>
);
