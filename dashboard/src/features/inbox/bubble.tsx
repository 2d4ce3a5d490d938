'use client';
import type { MessageView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { FileText, RotateCw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { HelpLink } from '@/features/help/help-link';
import { sayOf } from '@/lib/api';
import { cx } from '@/lib/cx';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/states';
import { timeOf } from './days';
import { useRetry } from './inbox.api';
import { Ticks } from './ticks';

/** Few messages need these: each is loaded with the first that does. */
const LostFile = lazy(() => import('./lost-file'));
const WaitingActions = lazy(() => import('./waiting-actions'));

export function Bubble({ message, rewrite }: { message: MessageView; rewrite: (text: string) => void }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const ours = message.direction === 'outbound';
  return (
    <li className={cx('flex', ours ? 'justify-end' : 'justify-start')}>
      <article
        className={cx(
          'grid max-w-[85%] min-w-0 gap-1 rounded-2xl px-3.5 py-2 text-sm shadow-card sm:max-w-[32rem]',
          ours ? 'rounded-ee-md bg-bubble' : 'rounded-es-md bg-surface',
        )}
      >
        <Attachment message={message} />
        {message.text ? (
          <p dir="auto" className="leading-6 wrap-anywhere whitespace-pre-wrap">
            {message.text}
          </p>
        ) : null}
        {message.deleted_at ? <p className="text-quiet italic">{t('deleted')}</p> : null}
        {message.type === 'unsupported' ? <p className="text-quiet italic">{t('unsupported')}</p> : null}
        {message.content?.view_once && !message.media ? <p className="text-quiet italic">{t('viewOnce')}</p> : null}
        {message.poll_results?.map(({ option, votes }) => (
          <p key={option} dir="auto" className="wrap-anywhere">
            {option}: {format.number(votes)}
          </p>
        ))}
        {message.reactions.length > 0 ? <p>{message.reactions.map(({ emoji }) => emoji).join(' ')}</p> : null}
        <footer className="flex items-center justify-end gap-1 text-xs text-quiet">
          {message.edited_at ? t('edited') : null}
          <time dateTime={message.created_at}>{format.dateTime(timeOf(message), { timeStyle: 'short' })}</time>
          {ours ? <Ticks status={message.status} /> : null}
        </footer>
        <Waiting message={message} />
        {message.waiting_for ? (
          <Suspense>
            <WaitingActions message={message} rewrite={rewrite} />
          </Suspense>
        ) : null}
        {message.status === 'failed' ? <Failure message={message} /> : null}
      </article>
    </li>
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
  const retry = useRetry();
  const { data: membership } = useMembership();
  const why = `failures.${message.error_code ?? 'other'}`;
  return (
    <div className="mt-1 grid max-w-80 justify-items-start gap-2 border-t border-line py-2 text-sm leading-6">
      <p className="text-bad">{t.has(why) ? t(why) : t('failures.other')}</p>
      <HelpLink topic="troubleshooting#message-failed" />
      {membership && may(membership.role, 'messages:send') ? (
        <Button look="plain" className="px-3" busy={retry.isPending} onClick={() => retry.mutate(message.id)}>
          <RotateCw className="size-3.5 rtl:-scale-x-100" aria-hidden /> {t('sendAgain')}
        </Button>
      ) : null}
      {retry.error ? (
        <p role="alert" className="text-bad">
          {sayOf(retry.error, t('retryFailed'))}
        </p>
      ) : null}
    </div>
  );
}

function Attachment({ message }: { message: MessageView }) {
  const { media, media_state: state, type } = message;
  const t = useTranslations('inbox');
  const format = useFormatter();
  if (state === 'pending') return <Skeleton className="h-32 w-56" />;
  if (state === 'failed' || state === 'requested' || state === 'removed')
    return (
      <Suspense fallback={<Skeleton className="h-12 w-56" />}>
        <LostFile message={message} />
      </Suspense>
    );
  if (!media) return null;
  if (type === 'image' || type === 'sticker') {
    return (
      <a href={media.url} target="_blank" rel="noreferrer">
        {/* oxlint-disable-next-line nextjs/no-img-element -- signed links are fetched as they are */}
        <img
          src={media.url}
          alt={t('image')}
          width={media.width ?? 280}
          height={media.height ?? 200}
          className="max-h-72 w-auto rounded-xl bg-raised"
        />
      </a>
    );
  }
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
  if (type === 'audio' || type === 'voice') return <audio controls src={media.url} className="max-w-full" />;
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
  if (type === 'video' || type === 'gif') return <video controls src={media.url} className="max-h-72 rounded-xl" />;
  return (
    <a href={media.url} className="flex min-w-0 items-center gap-3 rounded-xl bg-raised px-3 py-2.5">
      <FileText className="size-5 shrink-0 text-accent" aria-hidden />
      <span className="grid min-w-0">
        <span dir="auto" className="text-beside font-medium wrap-anywhere">
          {media.file_name ?? t('document')}
        </span>
        <bdi className="w-fit text-xs text-quiet">
          {format.number(media.size_bytes / 1024, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })}
        </bdi>
      </span>
    </a>
  );
}
