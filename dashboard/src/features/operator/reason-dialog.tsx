'use client';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { AreaField } from '@/ui/area-field';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';

/** Asks why something is done; closes when it is done, and else says in place what went wrong. */
export function ReasonDialog({
  title,
  text,
  hint,
  confirm,
  destructive = false,
  open,
  onOpenChange,
  work: { isPending, error },
  run,
}: {
  title: string;
  /** What will happen. */
  text: string;
  hint: string;
  confirm: string;
  destructive?: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  work: { isPending: boolean; error: Error | null };
  run: (reason: string) => void;
}) {
  const t = useTranslations('operator');
  return (
    <Dialog title={title} close={t('close')} open={open} onOpenChange={onOpenChange}>
      <form
        className="grid grid-cols-1 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          run(textOf(new FormData(event.currentTarget), 'reason'));
        }}
      >
        <p className="text-sm leading-6 text-quiet">{text}</p>
        <AreaField label={t('reason')} hint={hint} name="reason" minLength={3} maxLength={500} required />
        {error ? <FormFault>{faultIn(t, error)}</FormFault> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={() => onOpenChange(false)}>
            {t('cancel')}
          </Button>
          <Button type="submit" look={destructive ? 'destructive' : 'primary'} busy={isPending}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
