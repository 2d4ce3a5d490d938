'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { contactsQuery } from '@/features/contacts/contacts.api';
import { CheckField } from '@/ui/check-field';
import { SearchField } from '@/ui/search-field';
import { ChosenChips } from './chosen-chips';
import type { Draft } from './draft.rules';
import type { SetDraft } from './use-draft';

/** Single contacts, found by name or number. */
export function ContactPicker({ draft, set }: { draft: Draft; set: SetDraft }) {
  const t = useTranslations('broadcasts.audience.people');
  const c = useTranslations('contacts');
  const [search, setSearch] = useState('');
  const asked = useDeferredValue(search).trim();
  const found = useInfiniteQuery({
    ...contactsQuery({ search: asked, tag: '', list: '', optedOut: false }),
    enabled: asked !== '',
  });
  const items = asked === '' ? [] : (found.data?.pages[0]?.items ?? []);
  const without = (id: string) => draft.people.filter((one) => one.id !== id);
  return (
    <>
      <ChosenChips label={t('chosen')} items={draft.people} remove={(id) => set({ people: without(id) })} />
      <SearchField role="search" label={t('search')} search={search} change={setSearch} />
      {asked !== '' && found.isSuccess && items.length === 0 ? (
        <p className="text-sm leading-6 text-quiet">{t('none')}</p>
      ) : null}
      {items.length > 0 ? (
        <ul className="grid max-h-60 grid-cols-1 overflow-y-auto">
          {items.map(({ id, name, phone_number: phone }) => {
            const shown = name ?? phone ?? c('noNumber');
            return (
              <li key={id}>
                <CheckField
                  label={
                    <>
                      <bdi>{shown}</bdi>{' '}
                      {name === null || phone === null ? null : (
                        <bdi dir="ltr" className="text-quiet">
                          {phone}
                        </bdi>
                      )}
                    </>
                  }
                  checked={draft.people.some((one) => one.id === id)}
                  onChange={({ target }) =>
                    set({ people: target.checked ? [...without(id), { id, name: shown }] : without(id) })
                  }
                />
              </li>
            );
          })}
        </ul>
      ) : null}
    </>
  );
}
