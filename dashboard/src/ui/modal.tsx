'use client';
import { useLayoutEffect, useRef } from 'react';
import { cx } from '@/lib/cx';

const STOPS = ':is(a[href], button, input, select, textarea, [tabindex="0"]):not(:disabled, [hidden])';

/** From the last stop to the first, and back: the browser would go on to its own bars. */
function stayInside(event: React.KeyboardEvent<HTMLDialogElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)];
  const [end, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (document.activeElement !== end) return;
  event.preventDefault();
  other?.focus();
}

/**
 * The browser's own modal dialog, open as long as it is rendered: the focus begins in it and returns to where it was, what
 * is behind it cannot be reached, and Escape leaves. Its first child is to be its padding, so that a click beside that is
 * one outside.
 */
export function Modal({
  leave,
  stays = false,
  className,
  ...rest
}: Omit<React.ComponentProps<'dialog'>, 'ref' | 'open'> & {
  leave: () => void;
  /** A click outside does not close it. */
  stays?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close(); // before it is taken away, else the focus is lost
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape is its key
    <dialog
      ref={dialog}
      className={cx('mx-auto bg-surface text-ink shadow-float backdrop:bg-veil', className)}
      onCancel={(event) => {
        event.preventDefault(); // whoever renders it decides
        leave();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Tab') stayInside(event);
        if (event.key !== 'Escape') return;
        event.preventDefault(); // nor is it for what is behind
        leave();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && !stays) leave();
      }}
      {...rest}
    />
  );
}
