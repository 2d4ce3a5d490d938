'use client';
import type { TemplateView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { FileText, Plus } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useDeferredValue, useId, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { faultIn, sayOf } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { CopyButton } from './copy-button';
import { SendButton } from './send-dialog';
import { type Filter, templatesQuery, useUpdateTemplate } from './templates.api';
import { directionOf, useTemplateWords } from './use-template-words';

const NOTHING: Filter = { search: '', category: '', language: '' };

/** Texts with places for values, one's own and Wasel's. */
export function TemplatesScreen() {
  const t = useTranslations('templates');
  const { data: membership } = useMembership();
  const manages = membership ? may(membership.role, 'templates:manage') : false;
  const [filter, setFilter] = useState(NOTHING);
  const templates = useInfiniteQuery(templatesQuery(useDeferredValue(filter)));
  const items = templates.data?.pages.flatMap((page) => page.items);
  const create = (
    <Link href="/templates/new" className={buttonClass()}>
      <Plus className="size-4" aria-hidden /> {t('create')}
    </Link>
  );
  return (
    <Page title={t('title')} action={manages ? create : null}>
      <Filters filter={filter} change={setFilter} />
      {templates.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {templates.isError && !items ? (
        <ErrorState
          text={sayOf(templates.error, t('failed'))}
          again={t('retry')}
          retry={() => void templates.refetch()}
        />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<FileText className="size-6" />}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {items?.map((template) => (
          <li key={template.id}>
            <TemplateCard template={template} manages={manages} />
          </li>
        ))}
      </ul>
      {templates.hasNextPage ? (
        <LoadMore busy={templates.isFetchingNextPage} load={() => void templates.fetchNextPage()}>
          {t('more')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function Filters({ filter, change }: { filter: Filter; change: (filter: Filter) => void }) {
  const t = useTranslations('templates');
  const { categories, languages } = useTemplateWords();
  return (
    <search className="grid grid-cols-1 gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
      <Field
        label={t('search')}
        type="search"
        dir="auto"
        value={filter.search}
        onChange={(event) => change({ ...filter, search: event.target.value })}
      />
      <SelectField
        label={t('category')}
        options={[['', t('all')], ...categories]}
        value={filter.category}
        onChange={(event) => change({ ...filter, category: event.target.value })}
      />
      <SelectField
        label={t('language')}
        options={[['', t('all')], ...languages]}
        value={filter.language}
        onChange={(event) => change({ ...filter, language: event.target.value })}
      />
    </search>
  );
}

function TemplateCard({ template, manages }: { template: TemplateView; manages: boolean }) {
  const t = useTranslations('templates');
  const format = useFormatter();
  const { categoryOf, languageOf } = useTemplateWords();
  const { id, name, body, system, active, language, use_count: count, last_used_at: used } = template;
  return (
    <Card className="grid grid-cols-1 gap-4">
      <div className="grid min-w-0 gap-2">
        <h2 className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
          <Link href={`/templates/${id}`} className="text-accent hover:underline">
            <bdi>{name}</bdi>
          </Link>
          <Chip>{categoryOf(template.category)}</Chip>
          <Chip>{languageOf(language)}</Chip>
          {system ? <Chip>{t('system')}</Chip> : null}
        </h2>
        <p
          lang={language}
          dir={directionOf(language)}
          className="line-clamp-3 text-sm leading-6 whitespace-pre-line wrap-anywhere text-quiet"
        >
          {body}
        </p>
        <p className="text-sm leading-6 text-quiet">
          {t('used', { count })}
          {used ? ` · ${t('lastUsed', { date: format.dateTime(new Date(used), { dateStyle: 'medium' }) })}` : ''}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {active ? <SendButton template={template} /> : null}
        {manages ? <CopyButton template={template} /> : null}
        {manages && !system ? <Active template={template} /> : null}
        {!active && !manages ? <Chip>{t('inactive')}</Chip> : null}
      </div>
    </Card>
  );
}

function Active({ template: { id, name, active } }: { template: TemplateView }) {
  const t = useTranslations('templates');
  const update = useUpdateTemplate();
  const inputId = useId();
  return (
    <span className="ms-auto flex min-h-10 items-center gap-2 text-sm">
      <label htmlFor={inputId}>{t('active')}</label>
      <input
        id={inputId}
        type="checkbox"
        aria-label={t('activeOf', { name })}
        className="size-5 accent-accent"
        checked={update.variables?.active ?? active}
        disabled={update.isPending}
        onChange={(event) => update.mutate({ id, active: event.target.checked }, { onSettled: () => update.reset() })}
      />
      {update.error ? <FormFault>{faultIn(t, update.error)}</FormFault> : null}
    </span>
  );
}
