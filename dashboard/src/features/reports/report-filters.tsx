'use client';
import { useQuery } from '@tanstack/react-query';
import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'next-intl';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, SelectField } from '@/ui/field';
import type { Options } from '@/ui/select';
import { NarrowedTo } from './narrowed-to';
import { sendersQuery, templateNamesQuery } from './reports.api';
import type { Filters } from './reports.rules';
import type { useFilters } from './use-filters';

const DIRECTIONS = ['inbound', 'outbound'] as const;
const STATUSES = [
  'pending',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'cancelled',
  'received',
] as const;
const TYPES = [
  'text',
  'image',
  'video',
  'gif',
  'audio',
  'voice',
  'document',
  'sticker',
  'location',
  'contact',
  'poll',
  'reaction',
  'edit',
  'delete',
  'unsupported',
] as const;
const TRIGGERS = ['dashboard', 'api', 'bulk', 'broadcast', 'automation', 'call_answer'] as const;

/** What was said, where, when and by whom; each choice holds as soon as it is made, words when they are sent off. */
export default function ReportFilters({ asked }: { asked: ReturnType<typeof useFilters> }) {
  const t = useTranslations('reports');
  const { filters, filtered, set, clear } = asked;
  const [open, setOpen] = useState(filtered);
  return (
    <div role="search" aria-label={t('filters.label')} className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <form
        key={filters.text}
        className="col-span-full flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          set({ text: textOf(new FormData(event.currentTarget), 'text').trim() });
        }}
      >
        <Field
          className="min-w-0 grow"
          label={t('filters.text')}
          name="text"
          type="search"
          dir="auto"
          placeholder={t('textHint')}
          maxLength={200}
          defaultValue={filters.text}
        />
        <Button type="submit" look="plain">
          <Search className="size-4" aria-hidden /> {t('search')}
        </Button>
      </form>
      <Button
        look="ghost"
        className="col-span-full -ms-3 justify-self-start px-3 sm:hidden"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <SlidersHorizontal className="size-4" aria-hidden /> {t('filters.label')}
      </Button>
      <NarrowedTo asked={asked} />
      <div className={open ? 'contents' : 'hidden sm:contents'}>
        <Choices asked={asked} />
      </div>
      {filtered ? (
        <Button look="ghost" className="col-span-full -ms-3 justify-self-start px-3" onClick={clear}>
          <X className="size-4" aria-hidden /> {t('clear')}
        </Button>
      ) : null}
    </div>
  );
}

function Choices({ asked: { filters, set } }: { asked: ReturnType<typeof useFilters> }) {
  const t = useTranslations('reports');
  const words = useTranslations('inbox');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const { data: senders = [] } = useQuery(sendersQuery());
  const { data: templates = [] } = useQuery(templateNamesQuery());
  const choice = (name: keyof Filters, options: Options) => {
    // What the address asks for may be gone.
    const known = filters[name] === '' || options.some(([value]) => value === filters[name]);
    return (
      <SelectField
        label={t(`filters.${name}`)}
        options={[['', t('all')], ...options, ...(known ? [] : [[filters[name], t('gone')] as const])]}
        value={filters[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    );
  };
  return (
    <>
      {choice(
        'session',
        sessions.map(({ id, name }) => [id, name] as const),
      )}
      {choice(
        'direction',
        DIRECTIONS.map((one) => [one, t(`directions.${one}`)] as const),
      )}
      {choice(
        'status',
        STATUSES.map((one) => [one, words(`statuses.${one}`)] as const),
      )}
      {choice(
        'type',
        TYPES.map((one) => [one, words(`types.${one}`)] as const),
      )}
      {choice(
        'sender',
        senders.map(({ type, id, name }) => {
          const called = name ?? t('gone');
          return [`${type}:${id}`, type === 'key' ? t('key', { name: called }) : called] as const;
        }),
      )}
      {choice(
        'trigger',
        TRIGGERS.map((one) => [one, t(`triggers.${one}`)] as const),
      )}
      {choice(
        'template',
        templates.map(({ id, name }) => [id, name] as const),
      )}
      <span className="hidden lg:block" />
      <Field
        label={t('filters.from')}
        type="date"
        max={filters.to}
        value={filters.from}
        onChange={(event) => set({ from: event.target.value })}
      />
      <Field
        label={t('filters.to')}
        type="date"
        min={filters.from}
        value={filters.to}
        onChange={(event) => set({ to: event.target.value })}
      />
    </>
  );
}
