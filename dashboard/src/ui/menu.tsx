'use client';
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { cx } from '@/lib/cx';
import { IconButton } from './button';

const ITEMS = '[role=menuitem]:not(:disabled)';
/** Between the menu, its button and the edge of the window, in pixels. */
const GAP = 6;

/**
 * A button that opens a list of things to do. Arrows choose, Enter does, Escape and Tab leave; the focus returns to the
 * button. What it offers is drawn when it is opened.
 */
export function Menu({
  label,
  icon,
  className,
  tabIndex,
  children,
}: {
  label: string;
  icon: React.ReactNode;
  className?: string | undefined;
  tabIndex?: number;
  children: (leave: () => void) => React.ReactNode;
}) {
  const id = useId();
  const around = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const leave = useCallback(() => setOpen(false), []);
  return (
    <span ref={around} className="inline-flex">
      <IconButton
        look="ghost"
        label={label}
        className={className}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {icon}
      </IconButton>
      {open ? (
        <List id={id} label={label} around={around} leave={leave}>
          {children(leave)}
        </List>
      ) : null}
    </span>
  );
}

function List({
  id,
  label,
  around,
  leave,
  children,
}: {
  id: string;
  label: string;
  /** What has the button in it. */
  around: React.RefObject<HTMLElement | null>;
  leave: () => void;
  children: React.ReactNode;
}) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const shown = list.current;
    if (!shown || !around.current) return;
    shown.showPopover();
    place(shown, around.current.getBoundingClientRect());
    shown.querySelector<HTMLElement>(ITEMS)?.focus({ preventScroll: true });
    const button = around.current.querySelector('button');
    return () => {
      if (shown.contains(document.activeElement)) button?.focus(); // before it is taken away, else the focus is lost
    };
  }, [around]);
  useEffect(() => {
    const outside = ({ target }: Event): void => {
      if (!(target instanceof Node) || list.current?.contains(target) || around.current?.contains(target)) return;
      leave();
    };
    const stood = around.current?.getBoundingClientRect();
    // What it belongs to moves away from it; what scrolls elsewhere, as a chat to its newest message, does not.
    const moved = (): void => {
      const stands = around.current?.getBoundingClientRect();
      if (stands && stood && Math.hypot(stands.x - stood.x, stands.y - stood.y) >= 1) leave();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('scroll', moved, true);
    addEventListener('resize', leave);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('scroll', moved, true);
      removeEventListener('resize', leave);
    };
  }, [around, leave]);
  return (
    <div
      ref={list}
      id={id}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      popover="manual"
      className="inset-auto m-0 max-h-[min(26rem,80dvh)] max-w-[calc(100vw-1rem)] min-w-52 overflow-y-auto rounded-xl border border-line bg-surface p-1.5 text-ink shadow-float"
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Tab') {
          event.preventDefault(); // nor is it for what is behind
          event.stopPropagation();
          return leave();
        }
        move(event);
      }}
    >
      {children}
    </div>
  );
}

/** Below its button or above it, wherever there is room, and begun or ended with it. */
function place(shown: HTMLElement, beside: DOMRect): void {
  const { width, height } = shown.getBoundingClientRect();
  const below = beside.bottom + GAP;
  const top = below + height <= innerHeight - GAP ? below : Math.max(GAP, beside.top - GAP - height);
  const inMiddle = beside.left + beside.width / 2 < innerWidth / 2;
  const left = inMiddle ? beside.left : beside.right - width;
  shown.style.top = `${top}px`;
  shown.style.left = `${Math.min(Math.max(GAP, left), innerWidth - GAP - width)}px`;
}

/** From one item to another; at an end to the other one. */
function move(event: React.KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const to: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: forward === 'ArrowLeft' ? at + 1 : at - 1,
    ArrowRight: forward === 'ArrowRight' ? at + 1 : at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = to[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items.at(next % items.length)?.focus();
}

export const MenuItem = ({
  icon,
  danger = false,
  className,
  children,
  ...rest
}: { icon?: React.ReactNode; danger?: boolean } & Omit<React.ComponentProps<'button'>, 'role' | 'type'>) => (
  <button
    type="button"
    role="menuitem"
    tabIndex={-1}
    className={cx(
      'flex min-h-10 w-full items-center gap-3 rounded-lg px-3 text-start text-sm hover:bg-raised focus:bg-raised focus:outline-none focus-visible:outline-2 focus-visible:-outline-offset-2',
      danger && 'text-bad',
      className,
    )}
    {...rest}
  >
    {icon ? <span className={cx('shrink-0', !danger && 'text-quiet')}>{icon}</span> : null}
    {children}
  </button>
);
