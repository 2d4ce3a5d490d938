'use client';
import { useQuery } from '@tanstack/react-query';
import { UserRoundSearch, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { jobQuery } from '@/features/bulk/bulk.api';
import { contactQuery } from '@/features/contacts/contacts.api';
import { Button } from '@/ui/button';
import type { useFilters } from './use-filters';

const ContactDialog = lazy(() => import('./contact-dialog'));

/** The person and the job that are asked for, each to be taken away; a person can be chosen here. */
export function NarrowedTo({ asked: { filters, set } }: { asked: ReturnType<typeof useFilters> }) {
  const t = useTranslations('reports.narrowed');
  const [choosing, choose] = useState(false);
  const { contact, job } = filters;
  return (
    <div className="col-span-full flex flex-wrap items-center gap-2">
      {contact ? <Person id={contact} remove={() => set({ contact: '' })} /> : null}
      {job ? <Job id={job} remove={() => set({ job: '' })} /> : null}
      <Button look="ghost" className={contact || job ? 'px-3' : '-ms-3 px-3'} onClick={() => choose(true)}>
        <UserRoundSearch className="size-4" aria-hidden /> {t(contact ? 'another' : 'choose')}
      </Button>
      {choosing ? (
        <Suspense>
          <ContactDialog leave={() => choose(false)} choose={(id) => set({ contact: id })} />
        </Suspense>
      ) : null}
    </div>
  );
}

function Person({ id, remove }: { id: string; remove: () => void }) {
  const { data, isError } = useQuery(contactQuery(id));
  return (
    <Removable kind="person" gone={isError} remove={remove}>
      {data?.name ?? data?.phone_number}
    </Removable>
  );
}

function Job({ id, remove }: { id: string; remove: () => void }) {
  const { data, isError } = useQuery(jobQuery(id));
  return (
    <Removable kind="job" gone={isError} remove={remove}>
      {data?.name}
    </Removable>
  );
}

/** @param children what it is called, as soon as that is known */
function Removable({
  kind,
  gone,
  remove,
  children,
}: {
  kind: 'person' | 'job';
  gone: boolean;
  remove: () => void;
  children: string | null | undefined;
}) {
  const t = useTranslations('reports.narrowed');
  const name = children ?? (gone ? t('gone') : '…');
  return (
    <Button look="plain" className="max-w-full px-3" aria-label={t('remove', { name })} onClick={remove}>
      <span className="min-w-0 truncate">
        {t(kind)} <bdi>{name}</bdi>
      </span>
      <X className="size-4 shrink-0" aria-hidden />
    </Button>
  );
}
