'use client';
import { AlertDialog } from 'radix-ui';
import { Button } from './button';
import { FormFault } from './field';
import { useReturnFocus } from './use-return-focus';

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
  const returnFocus = useReturnFocus();
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <AlertDialog.Content
          {...returnFocus}
          className="fixed inset-x-0 bottom-0 z-50 mx-auto grid w-full max-w-md gap-3 rounded-t-2xl border-line bg-surface p-5 pb-8 shadow-float sm:top-[20dvh] sm:bottom-auto sm:rounded-2xl sm:border sm:p-6"
        >
          <AlertDialog.Title className="text-lg font-semibold wrap-anywhere">{title}</AlertDialog.Title>
          <AlertDialog.Description className="text-sm leading-6 text-quiet">{children}</AlertDialog.Description>
          {fault ? <FormFault>{fault}</FormFault> : null}
          <div className="flex flex-wrap justify-end gap-2 pt-3">
            <AlertDialog.Cancel asChild>
              <Button look="plain">{cancel}</Button>
            </AlertDialog.Cancel>
            <Button look="destructive" busy={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
