'use client';
import type { MessageView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { RotateCw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, memo, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { HelpLink } from '@/features/help/help-link';
import { sayOf } from '@/lib/api';
import { cx } from '@/lib/cx';
import { Button } from '@/ui/button';
import { Attachment } from './attachment';
import { useActions } from './chat-actions';
import { timeOf } from './days';
import { Formatted } from './formatted';
import { useRetry } from './inbox.api';
import { LinkCard } from './link-card';
import { MessageMenu } from './message-menu';
import { Cards, Marks, Place, Placeholder, PollCard, Quote, Reactions } from './message-parts';
import { Ticks } from './ticks';

/** Few messages wait, or are left as they were: what can be done then is loaded with the first of them. */
const WaitingActions = lazy(() => import('./waiting-actions'));
const FailedChanges = lazy(() => import('./failed-changes'));

/** Types whose text is shown as a part of what they are. */
const SAID_OTHERWISE = new Set<string>(['location', 'contact', 'poll']);

/**
 * One message with all that belongs to it.
 *
 * @param named it says who wrote it, in a group
 * @param active the keyboard comes to this one
 * @param focused the keyboard is led here now
 * @param lit somebody was led here
 */
export const Bubble = memo(function Bubble({
  message,
  named,
  active,
  focused,
  lit,
}: {
  message: MessageView;
  named: boolean;
  active: boolean;
  focused: boolean;
  lit: boolean;
}) {
  const ours = message.direction === 'outbound';
  const bare = message.type === 'sticker' && message.media !== null && !message.deleted_at;
  return (
    <div className={cx('group/message flex items-start gap-1', ours && 'flex-row-reverse')}>
      <article
        ref={(article) => {
          if (focused) article?.focus({ preventScroll: true });
        }}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrows lead from one message to the next
        tabIndex={active ? 0 : -1}
        data-message={message.id}
        className={cx(
          'grid max-w-[calc(100%-2.75rem)] min-w-0 scroll-my-16 gap-1 rounded-2xl px-3.5 py-2 text-sm transition-shadow sm:max-w-[32rem]',
          ours ? 'rounded-ee-md' : 'rounded-es-md',
          !bare && 'shadow-card',
          !bare && (ours ? 'bg-bubble' : 'bg-surface'),
          lit && 'ring-2 ring-accent',
        )}
      >
        {named && message.sender ? <Sender sender={message.sender} /> : null}
        <Said message={message} />
        <Foot message={message} />
        <Waiting message={message} />
        {message.waiting_for ? (
          <Suspense>
            <WaitingActions message={message} />
          </Suspense>
        ) : null}
        {message.status === 'failed' ? <Failure message={message} /> : null}
        {message.failed_changes.length > 0 ? (
          <Suspense>
            <FailedChanges message={message} />
          </Suspense>
        ) : null}
      </article>
      <MessageMenu message={message} active={active} />
    </div>
  );
});

/** His name as it is known here, with the number where people may have named themselves so. */
function Sender({ sender: { name, phone_number: phone } }: { sender: NonNullable<MessageView['sender']> }) {
  const t = useTranslations('inbox');
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xs font-medium text-accent">
      <bdi className="truncate">{name ?? (phone ? <bdi dir="ltr">{phone}</bdi> : t('somebody'))}</bdi>
      {name && phone ? (
        <bdi dir="ltr" className="font-normal text-quiet">
          {phone}
        </bdi>
      ) : null}
    </p>
  );
}

function Said({ message }: { message: MessageView }) {
  const { content, text, type, deleted_at: deleted } = message;
  return (
    <>
      <Marks message={message} />
      <Quote message={message} />
      {deleted ? null : <Attachment message={message} />}
      {content?.location ? <Place place={content.location} /> : null}
      {content?.contacts ? <Cards cards={content.contacts} /> : null}
      <PollCard message={message} />
      {content?.link_preview?.title ? <LinkCard preview={content.link_preview} /> : null}
      {text && !SAID_OTHERWISE.has(type) ? (
        <p dir="auto" className="leading-6 wrap-anywhere whitespace-pre-wrap">
          <Formatted text={text} />
        </p>
      ) : null}
      <Placeholder message={message} />
      <Reactions message={message} />
    </>
  );
}

function Foot({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  return (
    <footer className="flex items-center justify-end gap-1 text-xs text-quiet">
      {message.edited_at && !message.deleted_at ? t('edited') : null}
      <time dateTime={message.created_at}>{format.dateTime(timeOf(message), { timeStyle: 'short' })}</time>
      {message.direction === 'outbound' ? <Ticks status={message.status} /> : null}
    </footer>
  );
}

/** Why it has not left yet. */
function Waiting({ message: { waiting_for: reason, waiting_until: until } }: { message: MessageView }) {
  const t = useTranslations('inbox.waiting');
  const format = useFormatter();
  if (!reason) return null;
  const day = isWithinHours(reason) ? {} : ({ dateStyle: 'medium' } as const);
  const time = until ? format.dateTime(new Date(until), { ...day, timeStyle: 'short' }) : '';
  return <p className="text-xs leading-5 text-quiet">{t(reason, { time })}</p>;
}

const isWithinHours = (reason: MessageView['waiting_for']) =>
  reason === 'quiet_hours' || reason === 'recipient_quiet_hours';

/** Why it did not go, what to do about it, and the way to try again. */
function Failure({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const { ask } = useActions();
  const retry = useRetry();
  const { data: membership } = useMembership();
  const why = `failures.${message.error_code ?? 'other'}`;
  return (
    <div className="mt-1 grid max-w-80 justify-items-start gap-2 border-t border-line py-2 text-sm leading-6">
      <p className="text-bad">{t.has(why) ? t(why) : t('failures.other')}</p>
      <HelpLink topic="troubleshooting#message-failed" />
      <div className="flex flex-wrap gap-2">
        {membership && may(membership.role, 'messages:send') ? (
          <Button look="plain" className="px-3" busy={retry.isPending} onClick={() => retry.mutate(message.id)}>
            <RotateCw className="size-3.5 rtl:-scale-x-100" aria-hidden /> {t('sendAgain')}
          </Button>
        ) : null}
        <Button look="ghost" className="px-3" onClick={() => ask('details', message)}>
          {t('menu.details')}
        </Button>
      </div>
      {retry.error ? (
        <p role="alert" className="text-bad">
          {sayOf(retry.error, t('retryFailed'))}
        </p>
      ) : null}
    </div>
  );
}
