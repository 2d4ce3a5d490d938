'use client';
import { useEffect, useRef } from 'react';
import { Button } from './button';

/** Loads what comes next in a list as soon as it comes into sight; a button for who would not wait. */
export function LoadMore({
  busy,
  load,
  className,
  children,
}: {
  busy: boolean;
  load: () => void;
  className?: string;
  children: React.ReactNode;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (busy || !button.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current());
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <Button ref={button} look="ghost" className={className} busy={busy} onClick={load}>
      {children}
    </Button>
  );
}
