'use client';
import { useState } from 'react';
import { Button } from './button';
import { ConfirmDialog } from './confirm-dialog';

/** Ends something after it was said what that means; closes when it is done, and else says in place what went wrong. */
export function EndButton({
  label,
  name,
  cancel,
  title,
  text,
  work,
  fault,
  run,
}: {
  label: string;
  /** Read out instead of the label, where several buttons have the same one. */
  name?: string;
  cancel: string;
  title: string;
  text: string;
  work: { isPending: boolean; reset: () => void };
  fault: string | undefined;
  run: () => Promise<unknown>;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        look="danger"
        aria-label={name}
        onClick={() => {
          work.reset();
          setAsking(true);
        }}
      >
        {label}
      </Button>
      <ConfirmDialog
        title={title}
        confirm={label}
        cancel={cancel}
        open={asking}
        onOpenChange={setAsking}
        busy={work.isPending}
        fault={fault}
        onConfirm={() =>
          void run().then(
            () => setAsking(false),
            () => undefined, // said as the fault
          )
        }
      >
        {text}
      </ConfirmDialog>
    </>
  );
}
