'use client';
import { useId } from 'react';
import { cx } from '@/lib/cx';

export type Tab<Name extends string> = Readonly<{ name: Name; label: string; count?: string | undefined }>;

/** Parts of a page, of which one is seen. Arrows go from one to the next and show it; Tab goes into it. */
export function Tabs<Name extends string>({
  label,
  tabs,
  shown,
  show,
  children,
}: {
  label: string;
  tabs: readonly Tab<Name>[];
  shown: Name;
  show: (name: Name) => void;
  /** What the one that is shown has in it. */
  children: React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid min-w-0 grid-cols-1 gap-5">
      <div className="overflow-x-auto border-b border-line">
        {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the tab that is shown has it */}
        <div role="tablist" aria-label={label} className="flex w-max gap-1" onKeyDown={step}>
          {tabs.map(({ name, label: text, count }) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`${id}-${name}`}
              aria-selected={name === shown}
              aria-controls={`${id}-panel`}
              tabIndex={name === shown ? 0 : -1}
              className={cx(
                'relative flex min-h-11 items-center gap-2 rounded-t-lg px-3 text-sm font-medium -outline-offset-2 transition',
                'after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full',
                name === shown ? 'text-ink after:bg-accent' : 'text-quiet hover:text-ink',
              )}
              onClick={() => show(name)}
            >
              {text}
              {count === undefined ? null : (
                <span className="rounded-full bg-raised px-2 text-xs leading-5 text-quiet tabular-nums">{count}</span>
              )}
            </button>
          ))}
        </div>
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${shown}`}
        className="grid min-w-0 grid-cols-1 gap-5"
      >
        {children}
      </div>
    </div>
  );
}

/** To the next one in the direction of reading; from an end to the other one. */
function step(event: React.KeyboardEvent<HTMLElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
  const to: Readonly<Record<string, number>> = { [forward]: at + 1, [back]: at - 1, Home: 0, End: -1 };
  const next = to[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const tab = tabs.at(next % tabs.length);
  tab?.focus();
  tab?.click();
}
