'use client';
import type { NotificationView } from '@wasel/backend/contract';
import { CHANNELS, may, NOTIFICATION_STATES } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowLeft, Megaphone } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { messageHref } from '@/features/inbox/inbox.links';
import { useAutomationWords } from '@/features/automations/use-automation-words';
import { faultIn, sayOf } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Field, SelectField } from '@/ui/field';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { type Filter, notificationsQuery, useCancelNotification } from './notifications.api';

const NOTHING: Filter = { state: '', channel: '', recipient: '' };

/** What automations told people, or will. */
export function NotificationsScreen() {
  const t = useTranslations('notifications');
  const [filter, setFilter] = useState(NOTHING);
  const { data: membership } = useMembership();
  const manages = membership ? may(membership.role, 'automations:manage') : false;
  const notifications = useInfiniteQuery(notificationsQuery(useDeferredValue(filter)));
  const items = notifications.data?.pages.flatMap((page) => page.items);
  return (
    <Page
      above={
        <Link href="/automations" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('automations')}
        </Link>
      }
      title={t('title')}
    >
      <Filters filter={filter} change={setFilter} />
      {notifications.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {notifications.isError && !items ? (
        <ErrorState
          text={sayOf(notifications.error, t('failed'))}
          again={t('retry')}
          retry={() => void notifications.refetch()}
        />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<Megaphone className="size-6" />}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      {items && items.length > 0 ? (
        <Card className="p-0">
          <ul className="grid grid-cols-1 divide-y divide-line">
            {items.map((notification) => (
              <Row key={notification.id} notification={notification} manages={manages} />
            ))}
          </ul>
        </Card>
      ) : null}
      {notifications.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={notifications.isFetchingNextPage}
          load={() => void notifications.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function Filters({ filter, change }: { filter: Filter; change: (filter: Filter) => void }) {
  const t = useTranslations('notifications');
  const a = useTranslations('automations');
  return (
    <search className="grid grid-cols-1 gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
      <Field
        label={t('recipient')}
        type="search"
        dir="auto"
        value={filter.recipient}
        onChange={(event) => change({ ...filter, recipient: event.target.value })}
      />
      <SelectField
        label={t('state')}
        options={[['', t('all')], ...NOTIFICATION_STATES.map((one) => [one, a(`states.${one}`)] as const)]}
        value={filter.state}
        onChange={(event) => change({ ...filter, state: event.target.value })}
      />
      <SelectField
        label={t('channel')}
        options={[['', t('all')], ...CHANNELS.map((one) => [one, a(`channels.${one}`)] as const)]}
        value={filter.channel}
        onChange={(event) => change({ ...filter, channel: event.target.value })}
      />
    </search>
  );
}

const LINK = 'inline-flex min-h-10 w-fit items-center text-xs text-accent underline';

function Row({ notification, manages }: { notification: NotificationView; manages: boolean }) {
  const t = useTranslations('notifications');
  const a = useTranslations('automations');
  const format = useFormatter();
  const { reasonOf } = useAutomationWords();
  const { recipient, state, channel, scheduled_for: at, automation_id: automation, error_code: error } = notification;
  const { message_id: message } = notification;
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 sm:px-6">
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium wrap-anywhere">
          <bdi dir="ltr">{recipient}</bdi>
          <Chip>{a(`states.${state}`)}</Chip>
          {notification.trigger === 'test' ? <Chip>{t('test')}</Chip> : null}
        </p>
        <p className="text-xs leading-5 wrap-anywhere text-quiet">
          {a(`channels.${channel}`)}
          {' · '}
          <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' })}</time>
          {error ? ` · ${reasonOf(error)}` : ''}
        </p>
        {message || automation ? (
          <p className="flex flex-wrap gap-x-4">
            {message ? (
              <Link href={messageHref(message)} className={LINK}>
                {t('openMessage')}
              </Link>
            ) : null}
            {automation ? (
              <Link href={`/automations/${automation}`} className={LINK}>
                {t('openAutomation')}
              </Link>
            ) : null}
          </p>
        ) : null}
      </div>
      {manages && state === 'pending' ? <Cancel notification={notification} /> : null}
    </li>
  );
}

function Cancel({ notification: { id, recipient } }: { notification: NotificationView }) {
  const t = useTranslations('notifications');
  const cancelling = useCancelNotification();
  return (
    <EndButton
      label={t('cancel')}
      name={t('cancelOf', { recipient })}
      cancel={t('keep')}
      title={t('confirmCancel.title')}
      text={t('confirmCancel.text', { recipient })}
      work={cancelling}
      fault={cancelling.error ? faultIn(t, cancelling.error) : undefined}
      run={() => cancelling.mutateAsync(id)}
    />
  );
}
