'use client';
import type { AlertDestinationView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Send, Webhook } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Field, FormFault } from '@/ui/field';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { destinationsQuery, useAddDestination, useRemoveDestination, useTestDestination } from './alerts.api';

/** The incoming webhooks at which alerts are told. */
export function Destinations() {
  const t = useTranslations('alertSettings');
  const destinations = useQuery(destinationsQuery());
  return (
    <Card className="grid grid-cols-1 gap-5">
      <div className="grid gap-1">
        <h2 className="font-semibold">{t('destinations')}</h2>
        <p className="text-sm leading-6 text-quiet">{t('destinationsText')}</p>
      </div>
      {destinations.isPending ? <SkeletonRows rows={1} /> : null}
      {destinations.isError && !destinations.data ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void destinations.refetch()} />
      ) : null}
      {destinations.data?.length === 0 ? (
        <EmptyState title={t('none.title')} icon={<Webhook className="size-6" />}>
          {t('none.text')}
        </EmptyState>
      ) : null}
      <ul className="grid grid-cols-1 divide-y divide-line">
        {destinations.data?.map((destination) => (
          <li key={destination.id} className="py-4 first:pt-0">
            <Destination destination={destination} />
          </li>
        ))}
      </ul>
      <AddForm />
    </Card>
  );
}

function Destination({ destination: { id, name, host, ...state } }: { destination: AlertDestinationView }) {
  const t = useTranslations('alertSettings');
  const test = useTestDestination();
  const remove = useRemoveDestination();
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-start">
      <div className="grid min-w-0 gap-1">
        <h3 className="flex flex-wrap items-baseline gap-2 text-sm font-medium wrap-anywhere">
          <bdi>{name}</bdi>
          <bdi dir="ltr" className="text-xs font-normal text-quiet">
            {host}
          </bdi>
        </h3>
        <Outcome {...state} />
        {test.error ? <FormFault>{faultIn(t, test.error)}</FormFault> : null}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="plain" aria-label={t('testOf', { name })} busy={test.isPending} onClick={() => test.mutate(id)}>
          <Send className="size-4 rtl:-scale-x-100" aria-hidden /> {t('test')}
        </Button>
        <EndButton
          label={t('remove')}
          name={t('removeOf', { name })}
          cancel={t('cancel')}
          title={t('confirmRemove.title', { name })}
          text={t('confirmRemove.text')}
          work={remove}
          fault={remove.error ? faultIn(t, remove.error) : undefined}
          run={() => remove.mutateAsync(id)}
        />
      </div>
    </div>
  );
}

function Outcome({
  last_sent_at: sent,
  failing_since: failing,
  last_error: error,
}: Pick<AlertDestinationView, 'last_sent_at' | 'failing_since' | 'last_error'>) {
  const t = useTranslations('alertSettings');
  const format = useFormatter();
  const at = (time: string): string => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'medium' });
  const status = /^http_(\d+)$/.exec(error ?? '')?.[1];
  const reason = status
    ? t('errors.http', { status })
    : t.has(`errors.${error}`)
      ? t(`errors.${error}`)
      : t('errors.unknown');
  return (
    <p role="status" className={failing ? 'text-sm leading-6 text-bad' : 'text-sm leading-6 text-quiet'}>
      {failing
        ? `${t('failing', { time: at(failing) })} ${reason}`
        : sent
          ? t('sent', { time: at(sent) })
          : t('unsent')}
    </p>
  );
}

function AddForm() {
  const t = useTranslations('alertSettings');
  const add = useAddDestination();
  return (
    <form
      className="grid grid-cols-1 gap-4 border-t border-line pt-5"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const data = new FormData(form);
        add.mutate({ name: textOf(data, 'name'), url: textOf(data, 'url') }, { onSuccess: () => form.reset() });
      }}
    >
      <h3 className="text-sm font-medium">{t('add')}</h3>
      <Field label={t('name')} name="name" dir="auto" placeholder={t('namePlaceholder')} maxLength={60} required />
      <Field label={t('url')} name="url" type="url" dir="ltr" hint={t('urlHint')} autoComplete="off" required />
      {add.error ? <FormFault>{faultIn(t, add.error)}</FormFault> : null}
      <Button type="submit" className="justify-self-start" busy={add.isPending}>
        {t('addButton')}
      </Button>
    </form>
  );
}
