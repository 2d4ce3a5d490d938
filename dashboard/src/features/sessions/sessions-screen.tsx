'use client';
import { may, type SessionView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Plus, Smartphone } from 'lucide-react';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAsked } from '@/lib/use-asked';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Card, EmptyState, ErrorState, Skeleton } from '@/ui/states';
import { ConnectButtons } from './connect-buttons';
import { LinkPhone } from './link-phone';
import { SessionReason, SessionState } from './session-state';
import { sessionsQuery, useCreateSession } from './sessions.api';

export function SessionsScreen() {
  const t = useTranslations('sessions');
  const sessions = useQuery(sessionsQuery());
  const { data: membership } = useMembership();
  const [adding, setAdding] = useAsked('add');
  const [linking, setLinking] = useState<string>();
  const manages = membership ? may(membership.role, 'sessions:manage') : false;
  const shown = sessions.data?.find(({ id }) => id === linking);
  const add = (
    <Button onClick={() => setAdding(true)} disabled={!manages} title={manages ? undefined : t('notAllowed')}>
      <Plus className="size-4" aria-hidden /> {t('add')}
    </Button>
  );

  return (
    <div className="mx-auto grid max-w-4xl gap-6 p-5 sm:p-8">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold">{t('title')}</h1>
        {add}
      </header>
      {sessions.isPending ? <Skeleton className="h-28" /> : null}
      {sessions.isError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void sessions.refetch()} />
      ) : null}
      {sessions.data?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} action={add}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid gap-3">
        {sessions.data?.map((session) => (
          <li key={session.id}>
            <SessionCard session={session} manages={manages} link={() => setLinking(session.id)} />
          </li>
        ))}
      </ul>
      <Dialog title={t('add')} close={t('close')} open={adding} onOpenChange={setAdding}>
        <CreateForm
          created={(session) => {
            setAdding(false);
            setLinking(session.id);
          }}
        />
      </Dialog>
      <Dialog
        title={t('link.title')}
        close={t('close')}
        open={shown !== undefined}
        onOpenChange={() => setLinking(undefined)}
      >
        {shown ? <LinkPhone session={shown} /> : null}
      </Dialog>
    </div>
  );
}

function SessionCard({ session, manages, link }: { session: SessionView; manages: boolean; link: () => void }) {
  const t = useTranslations('sessions');
  const format = useFormatter();
  const href = `/numbers/${session.id}`;
  return (
    <Card className="grid gap-4 sm:grid-cols-[1fr_auto] sm:items-center">
      <div className="flex min-w-0 gap-4">
        <Smartphone className="mt-1 size-5 shrink-0 text-quiet" aria-hidden />
        <div className="grid min-w-0 gap-1">
          <h2 className="flex flex-wrap items-center gap-2 font-medium">
            <Link href={href} dir="auto" className="hover:underline">
              {session.name}
            </Link>
            {session.is_default ? (
              <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs">{t('default')}</span>
            ) : null}
          </h2>
          {session.phone_number ? (
            <bdi dir="ltr" className="w-fit text-sm text-quiet">
              {session.phone_number}
            </bdi>
          ) : null}
          <SessionState session={session} />
          <SessionReason session={session} />
          {session.connected_since ? (
            <p className="text-xs text-quiet">
              {t('since', {
                time: format.dateTime(new Date(session.connected_since), { dateStyle: 'medium', timeStyle: 'short' }),
              })}
            </p>
          ) : null}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {manages ? <ConnectButtons session={session} link={link} /> : null}
        <Link href={href} className={buttonClass('plain')}>
          {t('manage')}
        </Link>
      </div>
    </Card>
  );
}

function CreateForm({ created }: { created: (session: SessionView) => void }) {
  const t = useTranslations('sessions');
  const create = useCreateSession();
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const phone = textOf(form, 'phone_number');
        create.mutate(
          { name: textOf(form, 'name'), ...(phone ? { phone_number: phone } : {}) },
          { onSuccess: ({ session }) => created(session) },
        );
      }}
    >
      <Field label={t('name')} name="name" placeholder={t('namePlaceholder')} required maxLength={60} />
      <Field label={t('pairingPhone')} name="phone_number" type="tel" dir="ltr" hint={t('pairingHint')} />
      {create.error ? (
        <p role="alert" className="text-sm text-bad">
          {sayOf(create.error, t('failed'))}
        </p>
      ) : null}
      <Button type="submit" busy={create.isPending}>
        {create.isPending ? t('waitingForQr') : t('continue')}
      </Button>
    </form>
  );
}
