'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Field } from '@/ui/field';
import { type SendingForm, SendingDialog } from './sending-dialog';

const OPTIONS_MAX = 12;
const NAME_MAX = 255;
const OPTION_MAX = 100;

/** Asks something with answers to choose from. */
export default function PollForm(form: SendingForm) {
  const t = useTranslations('inbox.poll');
  const [count, setCount] = useState(2);
  const [fault, setFault] = useState<string>();
  return (
    <SendingDialog
      {...form}
      title={t('title')}
      contentOf={(values) => {
        const options = values
          .getAll('option')
          .flatMap((one) => (typeof one === 'string' && one.trim() ? [one.trim()] : []));
        const wrong = options.length < 2 ? t('few') : new Set(options).size < options.length ? t('same') : undefined;
        setFault(wrong);
        if (wrong) return null;
        return {
          type: 'poll',
          name: textOf(values, 'name'),
          options,
          selectable_count: values.has('several') ? 0 : 1,
        };
      }}
    >
      <Field label={t('question')} name="name" dir="auto" maxLength={NAME_MAX} required />
      <fieldset className="grid grid-cols-1 gap-3">
        <legend className="sr-only">{t('options')}</legend>
        {Array.from({ length: count }, (_, n) => (
          <Field
            key={n}
            label={t('option', { n: n + 1 })}
            name="option"
            dir="auto"
            maxLength={OPTION_MAX}
            error={n === count - 1 ? fault : undefined}
            required={n < 2}
          />
        ))}
        {count < OPTIONS_MAX ? (
          <Button look="plain" onClick={() => setCount(count + 1)}>
            {t('add')}
          </Button>
        ) : null}
      </fieldset>
      <CheckField label={t('allowSeveral')} name="several" />
    </SendingDialog>
  );
}
