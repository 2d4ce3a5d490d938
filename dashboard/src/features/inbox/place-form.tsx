'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { textOf } from '@/lib/form';
import { Field } from '@/ui/field';
import { placeIn } from './message.rules';
import { type SendingForm, SendingDialog } from './sending-dialog';

/** Says where something is. */
export default function PlaceForm(form: SendingForm) {
  const t = useTranslations('inbox.place');
  const [fault, setFault] = useState<string>();
  return (
    <SendingDialog
      {...form}
      title={t('title')}
      contentOf={(values) => {
        const place = placeIn(textOf(values, 'place'));
        setFault(place ? undefined : t('wrong'));
        if (!place) return null;
        const [name, address] = [textOf(values, 'name').trim(), textOf(values, 'address').trim()];
        return { type: 'location', ...place, ...(name ? { name } : {}), ...(address ? { address } : {}) };
      }}
    >
      <Field
        label={t('place')}
        hint={t('hint')}
        error={fault}
        name="place"
        dir="ltr"
        placeholder="32.0809, 34.7806"
        required
      />
      <Field label={t('name')} name="name" dir="auto" maxLength={100} />
      <Field label={t('address')} name="address" dir="auto" maxLength={300} />
    </SendingDialog>
  );
}
