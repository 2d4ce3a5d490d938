'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { useCreateContact } from './contacts.api';

/** A contact by number; leads to its page. */
export default function AddContact() {
  const t = useTranslations('contacts');
  const router = useRouter();
  const create = useCreateContact();
  const submit = (form: FormData): void => {
    const name = textOf(form, 'name').trim();
    create.mutate(
      { phone_number: textOf(form, 'phone'), ...(name === '' ? {} : { name }) },
      { onSuccess: ({ id }) => router.push(`/contacts/${id}`) },
    );
  };
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <Field label={t('phone')} name="phone" type="tel" dir="ltr" placeholder="+972 54 123 4567" required />
      <Field label={t('name')} name="name" dir="auto" maxLength={100} />
      {create.error ? <FormFault>{faultIn(t, create.error)}</FormFault> : null}
      <Button type="submit" busy={create.isPending}>
        {t('add')}
      </Button>
    </form>
  );
}
