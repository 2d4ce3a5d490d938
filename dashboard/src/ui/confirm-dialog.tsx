'use client';
import { useId } from 'react';
import { Button } from './button';
import { SHEET } from './dialog';
import { FormFault } from './field';
import { Modal } from './modal';

/**
 * Asks before something that cannot be taken back. The focus is caught and begins on the way out; Escape leaves. Stays open
 * while it works, and says there what went wrong.
 */
export function ConfirmDialog({
  title,
  children,
  confirm,
  cancel,
  open,
  onOpenChange,
  onConfirm,
  busy = false,
  fault,
}: {
  title: React.ReactNode;
  /** What will happen. */
  children: React.ReactNode;
  confirm: string;
  cancel: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConfirm: () => void;
  busy?: boolean;
  fault?: string | undefined;
}) {
  const id = useId();
  const leave = () => onOpenChange(false);
  if (!open) return null;
  return (
    <Modal
      role="alertdialog"
      aria-labelledby={id}
      aria-describedby={`${id}-what`}
      leave={leave}
      stays
      className={`${SHEET} sm:top-[20dvh]`}
    >
      <div className="grid gap-3 p-5 pb-8 sm:p-6">
        <h2 id={id} className="text-lg font-semibold wrap-anywhere">
          {title}
        </h2>
        <p id={`${id}-what`} className="text-sm leading-6 text-quiet">
          {children}
        </p>
        {fault ? <FormFault>{fault}</FormFault> : null}
        <div className="flex flex-wrap justify-end gap-2 pt-3">
          <Button look="plain" onClick={leave}>
            {cancel}
          </Button>
          <Button look="destructive" busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
