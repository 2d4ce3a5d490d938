'use client';
import { Phone } from '@wasel/backend/contract/phone';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { contactsQuery } from '@/features/contacts/contacts.api';
import { Button } from '@/ui/button';
import { AreaField } from '@/ui/area-field';
import { Field } from '@/ui/field';
import { readNumbers } from './changes.rules';

/** Contacts that are offered at a time. */
const OFFERED = 6;
/** Of what is no number so much is shown. */
const WRONG_SHOWN = 3;

const read = (written: string): string | null => Phone.safeParse(written).data ?? null;

/** The numbers of what was written, by the rule of the API. */
export const numbersOf = (text: string) => readNumbers(text, read);

/** People by their numbers: written, pasted, or taken from the contacts. */
export function PeopleField({ text, change }: { text: string; change: (text: string) => void }) {
  const t = useTranslations('groups.changes.people');
  const { good, wrong } = numbersOf(useDeferredValue(text));
  const known = new Set(good);
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="grid gap-1.5">
        <AreaField
          label={t('numbers')}
          hint={t('hint')}
          dir="ltr"
          rows={4}
          placeholder={'+972 54 123 4567\n+972 52 765 4321'}
          value={text}
          onChange={(event) => change(event.target.value)}
        />
        <p role="status" className="text-sm font-medium">
          {good.length > 0 ? t('count', { count: good.length }) : null}
        </p>
        {wrong.length > 0 ? (
          <p role="alert" className="text-sm leading-6 wrap-anywhere text-bad">
            {t('wrong', { count: wrong.length })} <bdi>{wrong.slice(0, WRONG_SHOWN).join(', ')}</bdi>
            {wrong.length > WRONG_SHOWN ? '…' : null}
          </p>
        ) : null}
      </div>
      <FromContacts
        known={known}
        take={(phone) => change(text.trim() === '' ? `${phone}\n` : `${text.trimEnd()}\n${phone}\n`)}
      />
    </div>
  );
}

function FromContacts({ known, take }: { known: ReadonlySet<string>; take: (phone: string) => void }) {
  const t = useTranslations('groups.changes.people');
  const [search, setSearch] = useState('');
  const asked = useDeferredValue(search.trim());
  const { data } = useInfiniteQuery({
    ...contactsQuery({ search: asked, tag: '', list: '', optedOut: false }),
    enabled: asked !== '',
  });
  const found = asked === '' ? [] : (data?.pages[0]?.items ?? []);
  const offered = found.flatMap(({ id, name, phone_number: phone }) => (phone === null ? [] : [{ id, name, phone }]));
  return (
    <div className="grid grid-cols-1 gap-1">
      <Field
        type="search"
        label={t('contacts')}
        placeholder={t('search')}
        maxLength={100}
        autoComplete="off"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {asked !== '' && data && offered.length === 0 ? <p className="py-2 text-sm text-quiet">{t('nobody')}</p> : null}
      <ul className="grid">
        {offered.slice(0, OFFERED).map(({ id, name, phone }) => (
          <li key={id} className="flex min-w-0 items-center gap-3 py-0.5">
            <span className="min-w-0 grow truncate text-sm">
              {name ? (
                <>
                  <bdi className="font-medium">{name}</bdi>{' '}
                </>
              ) : null}
              <bdi dir="ltr" className="text-quiet">
                {phone}
              </bdi>
            </span>
            <Button
              look="ghost"
              aria-label={t('takeWhom', { name: name ?? phone })}
              disabled={known.has(phone)}
              onClick={() => take(phone)}
            >
              <Plus className="size-4" aria-hidden /> {t(known.has(phone) ? 'taken' : 'take')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
