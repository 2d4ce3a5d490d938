import { Check } from 'lucide-react';

/** One of several that can be chosen together; all of its row can be hit. */
export const CheckField = ({
  label,
  ...rest
}: { label: React.ReactNode } & Omit<React.ComponentProps<'input'>, 'type' | 'className'>) => (
  <label className="relative flex min-h-10 items-center gap-3 rounded-lg px-2 py-1.5 text-sm hover:bg-raised">
    <input
      type="checkbox"
      className="peer absolute inset-0 cursor-pointer appearance-none rounded-lg disabled:cursor-not-allowed"
      {...rest}
    />
    <span
      aria-hidden
      className="pointer-events-none grid size-5 shrink-0 place-items-center rounded border border-edge bg-surface text-transparent peer-checked:border-accent peer-checked:bg-accent peer-checked:text-accent-ink"
    >
      <Check className="size-4" />
    </span>
    <span className="pointer-events-none min-w-0 wrap-anywhere">{label}</span>
  </label>
);
