'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useReturnFocus } from './use-return-focus';

/** A modal with a title; Escape and a click outside close it, the focus returns to where it was. */
export function Dialog({
  title,
  close,
  open,
  onOpenChange,
  children,
}: {
  title: string;
  close: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: React.ReactNode;
}) {
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          {...returnFocus}
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 z-50 mx-auto max-h-[92dvh] w-full max-w-md overflow-y-auto rounded-t-2xl bg-surface p-6 shadow-xl sm:bottom-auto sm:top-[10dvh] sm:rounded-2xl"
        >
          <div className="mb-4 flex items-center justify-between gap-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            <Radix.Close aria-label={close} className="rounded-lg p-2 text-quiet hover:bg-raised">
              <X className="size-4" />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
