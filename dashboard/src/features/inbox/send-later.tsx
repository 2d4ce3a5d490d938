'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { firstHour, isWithinAYear, localTime } from './send-later.rules';

/** Asks when a message is to leave, by the clock of whoever writes it. */
export default function SendLater({ schedule, leave }: { schedule: (at: Date) => void; leave: () => void }) {
  const t = useTranslations('inbox.later');
  const close = useTranslations('inbox')('close');
  const [opened] = useState(() => new Date());
  const [fault, setFault] = useState<string>();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');
  return (
    <Dialog title={t('title')} close={close} open onOpenChange={leave}>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const at = new Date(textOf(new FormData(event.currentTarget), 'at'));
          if (!isWithinAYear(at, new Date())) return setFault(t('past'));
          schedule(at);
        }}
      >
        <Field
          label={t('at')}
          hint={t('hint', { zone })}
          error={fault}
          name="at"
          type="datetime-local"
          defaultValue={localTime(firstHour(opened))}
          min={localTime(opened)}
          required
        />
        <Button type="submit">{t('schedule')}</Button>
      </form>
    </Dialog>
  );
}
