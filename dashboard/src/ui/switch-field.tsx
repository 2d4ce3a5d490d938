import { useId } from 'react';

/** Something that is on or off at once, with what off means. */
export function SwitchField({
  label,
  hint,
  checked,
  onCheckedChange,
  ...rest
}: {
  label: string;
  hint: string;
  checked: boolean;
  disabled: boolean;
  onCheckedChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-6">
      <div className="grid gap-0.5">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-sm leading-6 text-quiet">
          {hint}
        </p>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        aria-describedby={`${id}-hint`}
        className="relative h-6 w-11 shrink-0 cursor-pointer appearance-none rounded-full bg-edge transition before:absolute before:-inset-2 after:absolute after:start-0.5 after:top-0.5 after:size-5 after:rounded-full after:bg-surface after:shadow-card after:transition checked:bg-accent checked:after:translate-x-5 disabled:cursor-not-allowed disabled:opacity-60 rtl:checked:after:-translate-x-5"
        onChange={(event) => onCheckedChange(event.target.checked)}
        {...rest}
      />
    </div>
  );
}
