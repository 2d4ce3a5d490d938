'use client';
import { useTranslations } from 'next-intl';
import { textOf } from '@/lib/form';
import { Field } from '@/ui/field';
import { type SendingForm, SendingDialog } from './sending-dialog';

/** Gives somebody the name and number of somebody else. */
export default function CardForm(form: SendingForm) {
  const t = useTranslations('inbox.card');
  return (
    <SendingDialog
      {...form}
      title={t('title')}
      contentOf={(values) => {
        const [organization, email] = [textOf(values, 'organization').trim(), textOf(values, 'email').trim()];
        return {
          type: 'contact',
          contacts: [
            {
              name: textOf(values, 'name'),
              phones: [textOf(values, 'phone')],
              ...(organization ? { organization } : {}),
              ...(email ? { email } : {}),
            },
          ],
        };
      }}
    >
      <Field label={t('name')} name="name" dir="auto" maxLength={100} required />
      <Field label={t('phone')} name="phone" type="tel" dir="ltr" placeholder="+972 54 123 4567" required />
      <Field label={t('organization')} name="organization" dir="auto" maxLength={100} />
      <Field label={t('email')} name="email" type="email" dir="ltr" />
    </SendingDialog>
  );
}
