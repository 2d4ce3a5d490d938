'use client';
import { X } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from './button';
import { Modal } from './modal';

/** At the lower edge of a phone, in the middle of a desk. */
export const SHEET =
  'top-auto bottom-0 w-full max-w-md rounded-t-2xl border-line sm:bottom-auto sm:rounded-2xl sm:border';

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
  const id = useId();
  const leave = () => onOpenChange(false);
  if (!open) return null;
  return (
    <Modal aria-labelledby={id} leave={leave} stays={stays} className={`${SHEET} max-h-[92dvh] sm:top-[10dvh]`}>
      <div className="p-5 pb-8 sm:p-6">
        <h2 id={id} className="mb-4 flex min-h-10 items-center pe-12 text-lg font-semibold wrap-anywhere">
          {title}
        </h2>
        {children}
        {/* Last, so that the focus begins in what the dialog is about. */}
        <IconButton look="ghost" label={close} className="absolute end-3 top-5 sm:end-4 sm:top-6" onClick={leave}>
          <X className="size-5" aria-hidden />
        </IconButton>
      </div>
    </Modal>
  );
}
