'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { contactsQuery } from '@/features/contacts/contacts.api';
import { sayOf } from '@/lib/api';
import { Avatar } from '@/ui/avatar';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { ErrorState, SkeletonRows } from '@/ui/states';

const SHOWN_MAX = 20;

/** Finds a person by name or number. */
export default function ContactDialog({ leave, choose }: { leave: () => void; choose: (id: string) => void }) {
  const t = useTranslations('reports');
  const [search, setSearch] = useState('');
  const contacts = useInfiniteQuery(
    contactsQuery({ search: useDeferredValue(search), tag: '', list: '', optedOut: false }),
  );
  const found = contacts.data?.pages.flatMap(({ items }) => items).slice(0, SHOWN_MAX);
  return (
    <Dialog title={t('narrowed.choose')} close={t('close')} open onOpenChange={leave}>
      <div className="grid grid-cols-1 gap-3">
        <Field
          label={t('narrowed.search')}
          type="search"
          dir="auto"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {contacts.isPending ? <SkeletonRows rows={3} /> : null}
        {contacts.isError && !found ? (
          <ErrorState
            text={sayOf(contacts.error, t('failed'))}
            again={t('retry')}
            retry={() => void contacts.refetch()}
          />
        ) : null}
        {found?.length === 0 ? <p className="py-6 text-center text-sm text-quiet">{t('narrowed.nobody')}</p> : null}
        <ul className="grid max-h-[50dvh] grid-cols-1 gap-1 overflow-y-auto">
          {found?.map(({ id, name, phone_number: phone }) => (
            <li key={id}>
              <button
                type="button"
                className="flex min-h-11 w-full min-w-0 items-center gap-3 rounded-lg px-2 py-1 text-start text-sm hover:bg-raised"
                onClick={() => {
                  choose(id);
                  leave();
                }}
              >
                <Avatar name={name} />
                <span className="grid min-w-0">
                  <bdi className="truncate font-medium">{name ?? phone ?? t('unknown')}</bdi>
                  {name && phone ? (
                    <bdi dir="ltr" className="w-fit text-xs text-quiet">
                      {phone}
                    </bdi>
                  ) : null}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
