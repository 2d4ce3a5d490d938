'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn, post, send } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, FormFault } from '@/ui/field';
import { configQuery } from './account.api';

/** Ends an organization, after its name was typed. */
export function DeleteOrganization({ name }: { name: string }) {
  const t = useTranslations('settings.delete');
  const { data: config } = useQuery(configQuery());
  const [open, setOpen] = useState(false);
  const work = useMutation({
    mutationFn: (typed: string) => send('/organizations/current/deletion', post({ name: typed })),
    onSuccess: () => location.assign('/overview'), // anew, so that nothing of it stays on the screen
  });
  return (
    <>
      <Button look="danger" onClick={() => (work.reset(), setOpen(true))}>
        {t('open')}
      </Button>
      <Dialog title={t('title', { name })} close={t('cancel')} open={open} onOpenChange={setOpen}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            work.mutate(textOf(new FormData(event.currentTarget), 'name'));
          }}
        >
          <p className="text-sm leading-6 text-quiet">
            {t('text', { days: Math.round(config?.deletion_grace_days ?? 0) })}
          </p>
          <Field label={t('label', { name })} name="name" dir="auto" autoComplete="off" required />
          {work.error ? <FormFault>{faultIn(t, work.error)}</FormFault> : null}
          <div className="flex flex-wrap justify-end gap-2">
            <Button look="plain" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" look="destructive" busy={work.isPending || work.isSuccess}>
              {t('confirm')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
