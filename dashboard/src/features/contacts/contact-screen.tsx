'use client';
import type { ContactDetail } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { conversationHref } from '@/features/inbox/inbox.links';
import { faultIn } from '@/lib/api';
import { useAsked } from '@/lib/use-asked';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Card, Chip, ErrorState, Skeleton, SkeletonRows } from '@/ui/states';
import { contactQuery, useSetOptOut, useUndoMerge } from './contacts.api';
import { useDayWords } from './use-day-words';

const EditContact = lazy(() => import('./edit-contact'));
const EditDays = lazy(() => import('./edit-days'));
const MergeContact = lazy(() => import('./merge-contact'));

/** Everything that is known of one person. */
export function ContactScreen({ id }: { id: string }) {
  const t = useTranslations('contacts');
  const { data: contact, isPending, isError, refetch } = useQuery(contactQuery(id));
  return (
    <Page
      above={
        <Link href="/contacts" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('title')}
        </Link>
      }
      title={contact ? <Name contact={contact} /> : t('contact')}
    >
      {isPending ? <Skeleton className="h-56 rounded-card" /> : null}
      {isError && !contact ? <ErrorState text={t('gone')} again={t('retry')} retry={() => void refetch()} /> : null}
      {contact ? <Detail contact={contact} /> : null}
    </Page>
  );
}

function Name({ contact }: { contact: ContactDetail }) {
  const t = useTranslations('contacts');
  if (contact.name !== null) return <bdi>{contact.name}</bdi>;
  return contact.phone_number === null ? t('noNumber') : <bdi dir="ltr">{contact.phone_number}</bdi>;
}

function Detail({ contact }: { contact: ContactDetail }) {
  const t = useTranslations('contacts');
  const { data: membership } = useMembership();
  const writes = membership ? may(membership.role, 'contacts:write') : false;
  const [editing, setEditing] = useAsked('edit');
  const [merging, setMerging] = useAsked('merge');
  return (
    <>
      {writes ? (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setEditing(true)}>{t('edit')}</Button>
          <Button look="plain" onClick={() => setMerging(true)}>
            {t('merge')}
          </Button>
        </div>
      ) : null}
      <Addresses contact={contact} />
      <Sorted contact={contact} />
      <Days contact={contact} writes={writes} />
      <OptOut contact={contact} writes={writes} />
      <Conversations contact={contact} />
      {contact.merges.length > 0 ? <Merges contact={contact} writes={writes} /> : null}
      <Dialog title={t('edit')} close={t('close')} open={editing} onOpenChange={setEditing}>
        <Suspense fallback={<SkeletonRows rows={3} />}>
          <EditContact contact={contact} done={() => setEditing(false)} />
        </Suspense>
      </Dialog>
      <Dialog title={t('merge')} close={t('close')} open={merging} onOpenChange={setMerging}>
        <Suspense fallback={<SkeletonRows rows={3} />}>
          <MergeContact contact={contact} done={() => setMerging(false)} />
        </Suspense>
      </Dialog>
    </>
  );
}

const Section = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Card className="grid grid-cols-1 gap-3">
    <h2 className="font-medium">{title}</h2>
    {children}
  </Card>
);

const Quiet = ({ children }: { children: React.ReactNode }) => (
  <p className="text-sm leading-6 wrap-anywhere text-quiet">{children}</p>
);

/** Numbers as people write them; a privacy address has none that would say something. */
function Addresses({ contact }: { contact: ContactDetail }) {
  const t = useTranslations('contacts');
  const format = useFormatter();
  return (
    <Section title={t('addresses.title')}>
      <ul className="grid grid-cols-1 gap-3">
        {contact.addresses.map(({ kind, phone_number: phone, source, learnt_at: at, contact_id: of }) => (
          <li key={`${kind} ${phone ?? ''} ${of}`} className="grid gap-0.5">
            <span className="flex flex-wrap items-baseline gap-x-2">
              {phone === null ? t('addresses.privacy_address') : <bdi dir="ltr">{phone}</bdi>}
              {kind === 'written_form' ? (
                <span className="text-sm text-quiet">{t('addresses.written_form')}</span>
              ) : null}
            </span>
            {source && at ? (
              <Quiet>
                {t(`sources.${source}`)} · {format.dateTime(new Date(at), { dateStyle: 'medium' })}
              </Quiet>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Sorted({ contact: { tags, lists } }: { contact: ContactDetail }) {
  const t = useTranslations('contacts');
  return (
    <Section title={t('sorting.title')}>
      {tags.length === 0 && lists.length === 0 ? <Quiet>{t('sorting.none')}</Quiet> : null}
      <ul className="flex flex-wrap gap-1.5">
        {tags.map(({ id, name }) => (
          <li key={id}>
            <Chip>
              <bdi>{name}</bdi>
            </Chip>
          </li>
        ))}
        {lists.map(({ id, name }) => (
          <li key={id} className="rounded-full border border-line px-2.5 py-0.5 text-xs">
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Days that come back every year. */
function Days({ contact, writes }: { contact: ContactDetail; writes: boolean }) {
  const t = useTranslations('contacts');
  const { nameOf, dateOf } = useDayWords();
  const [editing, setEditing] = useAsked('days');
  return (
    <Section title={t('days.title')}>
      {contact.days.length === 0 ? <Quiet>{t('days.none')}</Quiet> : null}
      <ul className="grid grid-cols-1 gap-1.5">
        {contact.days.map((day) => (
          <li key={day.name} className="flex flex-wrap gap-x-2 wrap-anywhere">
            <bdi>{nameOf(day.name)}</bdi>
            <span className="text-quiet">{dateOf(day)}</span>
          </li>
        ))}
      </ul>
      {writes ? (
        <Button look="plain" className={buttonClass('plain', 'justify-self-start')} onClick={() => setEditing(true)}>
          {t('days.edit')}
        </Button>
      ) : null}
      <Dialog title={t('days.title')} close={t('close')} open={editing} onOpenChange={setEditing}>
        <Suspense fallback={<SkeletonRows rows={3} />}>
          <EditDays contact={contact} done={() => setEditing(false)} />
        </Suspense>
      </Dialog>
    </Section>
  );
}

function OptOut({ contact, writes }: { contact: ContactDetail; writes: boolean }) {
  const t = useTranslations('contacts');
  const format = useFormatter();
  const set = useSetOptOut(contact.id);
  const { opted_out_at: at } = contact;
  return (
    <Section title={t('optOut.title')}>
      <Quiet>
        {at ? t('optOut.since', { date: format.dateTime(new Date(at), { dateStyle: 'medium' }) }) : t('optOut.no')}
      </Quiet>
      {set.error ? <FormFault>{faultIn(t, set.error)}</FormFault> : null}
      {writes ? (
        <Button
          look="plain"
          className={buttonClass('plain', 'justify-self-start')}
          busy={set.isPending}
          onClick={() => set.mutate(at === null)}
        >
          {at ? t('optOut.in') : t('optOut.out')}
        </Button>
      ) : null}
    </Section>
  );
}

function Conversations({ contact: { conversations } }: { contact: ContactDetail }) {
  const t = useTranslations('contacts');
  return (
    <Section title={t('conversations')}>
      {conversations.length === 0 ? <Quiet>{t('noConversations')}</Quiet> : null}
      <ul className="flex flex-wrap gap-2">
        {conversations.map(({ id, session_name: name }) => (
          <li key={id}>
            <Link href={conversationHref(id)} className={buttonClass('plain')}>
              <bdi>{name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Merges({ contact: { merges }, writes }: { contact: ContactDetail; writes: boolean }) {
  const t = useTranslations('contacts');
  const format = useFormatter();
  const undo = useUndoMerge();
  return (
    <Section title={t('merges.title')}>
      <Quiet>{t('merges.text')}</Quiet>
      {undo.error ? <FormFault>{faultIn(t, undo.error)}</FormFault> : null}
      <ul className="grid grid-cols-1 gap-3">
        {merges.map(({ id, name, phone_number: phone, source, merged_by: by, merged_at: at }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-2">
            <span className="grid min-w-0 gap-0.5 wrap-anywhere">
              {name ? (
                <bdi>{name}</bdi>
              ) : phone === null ? (
                t('addresses.privacy_address')
              ) : (
                <bdi dir="ltr">{phone}</bdi>
              )}
              <Quiet>
                {by ? t('merges.by', { who: by }) : t(`sources.${source}`)} ·{' '}
                {format.dateTime(new Date(at), { dateStyle: 'medium' })}
              </Quiet>
            </span>
            {writes ? (
              <Button look="plain" busy={undo.isPending} onClick={() => undo.mutate(id)}>
                {t('merges.undo')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
