'use client';
import { Switch } from 'radix-ui';
import { useId } from 'react';

/** Something that is on or off at once, with what off means. */
export function SwitchField({
  label,
  hint,
  ...rest
}: { label: string; hint: string } & Pick<
  React.ComponentProps<typeof Switch.Root>,
  'checked' | 'disabled' | 'onCheckedChange'
>) {
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
      <Switch.Root
        id={id}
        aria-describedby={`${id}-hint`}
        className="relative inline-flex h-6 w-11 shrink-0 items-center rounded-full bg-edge p-0.5 transition before:absolute before:-inset-2 data-[state=checked]:bg-accent disabled:cursor-not-allowed disabled:opacity-60"
        {...rest}
      >
        <Switch.Thumb className="size-5 rounded-full bg-surface shadow-card transition data-[state=checked]:translate-x-5 rtl:data-[state=checked]:-translate-x-5" />
      </Switch.Root>
    </div>
  );
}
