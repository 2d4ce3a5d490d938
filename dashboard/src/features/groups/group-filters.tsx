'use client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import type { useFilters } from './use-filters';

/** Each choice holds as soon as it is made. */
export default function GroupFilters({ filters, set }: Pick<ReturnType<typeof useFilters>, 'filters' | 'set'>) {
  const t = useTranslations('groups');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const choices = [
    ['number', [['', t('filters.everyNumber')], ...sessions.map(({ id, name }) => [id, name] as const)]],
    [
      'role',
      [
        ['', t('filters.everyRole')],
        ...(['admin', 'member'] as const).map((role) => [role, t(`filters.role.${role}`)] as const),
      ],
    ],
    [
      'kind',
      [
        ['', t('filters.everyKind')],
        ...(['group', 'community', 'announcements'] as const).map((kind) => [kind, t(`filters.kind.${kind}`)] as const),
      ],
    ],
    [
      'sort',
      [
        ['', t('filters.sort.subject')],
        ['size', t('filters.sort.size')],
      ],
    ],
  ] as const;
  return (
    <div role="search" className="grid grid-cols-2 gap-2 sm:gap-3 lg:grid-cols-4">
      <SearchField
        className="col-span-full"
        label={t('search')}
        search={filters.search}
        change={(search) => set({ search })}
      />
      {choices.map(([name, options]) => (
        <Select
          key={name}
          quiet
          aria-label={t(`filters.${name}Label`)}
          value={filters[name]}
          options={options}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      ))}
    </div>
  );
}
