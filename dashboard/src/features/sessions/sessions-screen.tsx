'use client';
import type { SessionView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { Plus, Smartphone } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useAsked } from '@/lib/use-asked';
import { useMembership } from '@/features/account/account.api';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, FormFault } from '@/ui/field';
import { IconTile } from '@/ui/icon-tile';
import { Page } from '@/ui/page';
import { Card, Chip, EmptyState, ErrorState, Skeleton, SkeletonRows } from '@/ui/states';
import { ConnectButtons } from './connect-buttons';
import { Restriction } from './restriction';
import { ReasonHelp, SessionReason, SessionState } from './session-state';
import { sessionsQuery, useCreateSession } from './sessions.api';
import { Link } from '@/ui/link';

const LinkPhone = lazy(() => import('./link-phone'));

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
    <Page title={t('title')} action={sessions.data?.length === 0 ? null : add}>
      {sessions.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {sessions.isError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void sessions.refetch()} />
      ) : null}
      {sessions.data?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<Smartphone className="size-6" />} action={add}>
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
        <Suspense fallback={<Skeleton className="h-64" />}>{shown ? <LinkPhone session={shown} /> : null}</Suspense>
      </Dialog>
    </Page>
  );
}

function SessionCard({ session, manages, link }: { session: SessionView; manages: boolean; link: () => void }) {
  const t = useTranslations('sessions');
  const format = useFormatter();
  const href = `/numbers/${session.id}`;
  return (
    <Card className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
      <div className="flex min-w-0 gap-4">
        <IconTile icon={Smartphone} color={session.color} />
        <div className="grid min-w-0 grid-cols-1 gap-1">
          <h2 className="flex min-w-0 flex-wrap items-center gap-2 font-medium">
            <Link href={href} dir="auto" className="min-w-0 wrap-anywhere underline-offset-4 hover:underline">
              {session.name}
            </Link>
            {session.is_default ? <Chip>{t('default')}</Chip> : null}
          </h2>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
            <SessionState session={session} />
            {session.phone_number ? <bdi dir="ltr">{session.phone_number}</bdi> : null}
          </p>
          <SessionReason session={session} />
          <ReasonHelp session={session} />
          <Restriction session={session} />
          {session.connected_since ? (
            <p className="text-sm leading-6 text-quiet">
              {t('since', {
                time: format.dateTime(new Date(session.connected_since), { dateStyle: 'medium', timeStyle: 'short' }),
              })}
            </p>
          ) : null}
        </div>
      </div>
      <div className="flex flex-wrap gap-2 max-sm:ps-14">
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
      {create.error ? <FormFault>{faultIn(t, create.error)}</FormFault> : null}
      <Button type="submit" busy={create.isPending}>
        {create.isPending ? t('waitingForQr') : t('continue')}
      </Button>
    </form>
  );
}
