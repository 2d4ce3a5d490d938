'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { IconButton } from './button';
import { useReturnFocus } from './use-return-focus';

/** A modal with a title; Escape and a click outside close it, the focus returns to where it was. */
export function Dialog({
  title,
  close,
  open,
  onOpenChange,
  stays = false,
  children,
}: {
  title: string;
  close: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A click outside does not close it: what it shows is shown once. */
  stays?: boolean;
  children: React.ReactNode;
}) {
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          {...returnFocus}
          aria-describedby={undefined}
          onInteractOutside={(event) => {
            if (stays) event.preventDefault();
          }}
          className="fixed inset-x-0 bottom-0 z-50 mx-auto max-h-[92dvh] w-full max-w-md overflow-y-auto rounded-t-2xl border-line bg-surface p-5 pb-8 shadow-float sm:top-[10dvh] sm:bottom-auto sm:rounded-2xl sm:border sm:p-6"
        >
          <Radix.Title className="mb-4 flex min-h-10 items-center pe-12 text-lg font-semibold">{title}</Radix.Title>
          {children}
          {/* Last, so that the focus begins in what the dialog is about. */}
          <Radix.Close asChild>
            <IconButton look="ghost" label={close} className="absolute end-3 top-5 sm:end-4 sm:top-6">
              <X className="size-5" aria-hidden />
            </IconButton>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
