'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { groupsQuery } from '@/features/groups/groups.api';
import { faultIn } from '@/lib/api';
import { CheckField } from '@/ui/check-field';
import { FormFault, SelectField } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { SearchField } from '@/ui/search-field';
import { SkeletonRows } from '@/ui/states';
import { ChosenChips } from './chosen-chips';
import type { Draft } from './draft.rules';
import type { SetDraft } from './use-draft';

/** Groups by their names, and who of them is meant. */
export function GroupPicker({ draft, set }: { draft: Draft; set: SetDraft }) {
  const t = useTranslations('broadcasts.audience.groups');
  const g = useTranslations('groups');
  const [search, setSearch] = useState('');
  const groups = useInfiniteQuery(groupsQuery({ search: useDeferredValue(search).trim(), sort: '' }));
  const items = groups.data?.pages.flatMap((page) => page.items);
  const without = (jid: string) => draft.groups.filter((one) => one.jid !== jid);
  return (
    <>
      <ChosenChips
        label={t('chosen')}
        items={draft.groups.map(({ jid, subject }) => ({ id: jid, name: subject }))}
        remove={(jid) => set({ groups: without(jid) })}
      />
      <SearchField role="search" label={t('search')} search={search} change={setSearch} />
      {groups.isPending ? <SkeletonRows rows={2} /> : null}
      {groups.isError && !items ? <FormFault>{faultIn(g, groups.error)}</FormFault> : null}
      {items?.length === 0 ? <p className="text-sm leading-6 text-quiet">{t('none')}</p> : null}
      {items && items.length > 0 ? (
        <ul className="grid max-h-72 grid-cols-1 overflow-y-auto">
          {items.map(({ jid, subject, size }) => (
            <li key={jid}>
              <CheckField
                label={
                  <>
                    <bdi>{subject}</bdi> <span className="text-quiet">· {g('people', { count: size })}</span>
                  </>
                }
                checked={draft.groups.some((one) => one.jid === jid)}
                onChange={({ target }) =>
                  set({ groups: target.checked ? [...without(jid), { jid, subject }] : without(jid) })
                }
              />
            </li>
          ))}
          {groups.hasNextPage ? (
            <li>
              <LoadMore busy={groups.isFetchingNextPage} load={() => void groups.fetchNextPage()}>
                {g('more')}
              </LoadMore>
            </li>
          ) : null}
        </ul>
      ) : null}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <SelectField
          label={t('role')}
          value={draft.into ? 'into' : draft.admins ? 'admins' : ''}
          options={[
            ['', t('everybody')],
            ['admins', t('admins')],
            ['into', t('into')],
          ]}
          onChange={({ target }) => set({ admins: target.value === 'admins', into: target.value === 'into' })}
        />
        {draft.into ? null : (
          <SelectField
            label={t('contacts')}
            value={draft.contacts}
            options={[
              ['', t('all')],
              ['only', t('only')],
              ['not', t('not')],
            ]}
            onChange={(event) => set({ contacts: event.target.value as Draft['contacts'] })}
          />
        )}
      </div>
    </>
  );
}
