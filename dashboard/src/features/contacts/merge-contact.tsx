'use client';
import type { ContactDetail } from '@wasel/backend/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { contactsQuery, useMerge } from './contacts.api';

/** Who is the same person: chosen from a search. */
export default function MergeContact({ contact, done }: { contact: ContactDetail; done: () => void }) {
  const t = useTranslations('contacts');
  const [search, setSearch] = useState('');
  const merge = useMerge(contact.id);
  const found = useInfiniteQuery(
    contactsQuery({ search: useDeferredValue(search), tag: '', list: '', optedOut: false }),
  );
  const others = found.data?.pages[0]?.items.filter(({ id }) => id !== contact.id).slice(0, 8) ?? [];
  return (
    <div className="grid grid-cols-1 gap-4">
      <p className="text-sm leading-6 text-quiet">{t('mergeText')}</p>
      <Field
        label={t('search')}
        type="search"
        name="search"
        maxLength={100}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {merge.error ? <FormFault>{faultIn(t, merge.error)}</FormFault> : null}
      {found.data && others.length === 0 ? <p className="text-sm text-quiet">{t('nothing.text')}</p> : null}
      <ul className="grid grid-cols-1 gap-2">
        {others.map(({ id, name, phone_number: phone }) => (
          <li key={id}>
            <Button
              look="plain"
              className="button button-plain h-auto w-full justify-start py-2 text-start wrap-anywhere"
              busy={merge.isPending}
              onClick={() => merge.mutate(id, { onSuccess: done })}
            >
              {name ? <bdi>{name}</bdi> : null}
              <span className="text-quiet">{phone === null ? t('noNumber') : <bdi dir="ltr">{phone}</bdi>}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
