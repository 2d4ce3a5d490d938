'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { isSameDay } from './days';
import { conversationHref } from './inbox.links';
import { Ticks } from './ticks';
import { Label, WhomAvatar } from './whom';
import { Link } from '@/ui/link';

/** A conversation in a list: with whom, what was said last, what is unread; leads to its chat. */
export function ConversationRow({
  conversation,
  selected = false,
  select,
  draft = '',
  className = 'px-4',
}: {
  conversation: ConversationView;
  selected?: boolean;
  /** In place of a navigation, where the chat is on the same page. */
  select?: () => void;
  /** What was begun to be written there. */
  draft?: string;
  className?: string;
}) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const now = useNow();
  const { last_message: last, last_message_at: at, unread_count: unread } = conversation;
  return (
    <Link
      href={conversationHref(conversation.id)}

      onClick={(event) => {
        if (!select || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        select();
      }}
      aria-current={selected ? 'true' : undefined}
      className={cx(
        'flex w-full min-w-0 items-center gap-3 py-3 text-start',
        selected ? 'bg-accent-soft' : 'hover:bg-raised',
        className,
      )}
    >
      <WhomAvatar whom={conversation} className={cx(selected && 'bg-surface')} />
      <span className="grid min-w-0 grow grid-cols-1 gap-0.5">
        <span className="flex items-baseline justify-between gap-3">
          <span
            dir="auto"
            className={cx('text-beside min-w-0 truncate text-sm', unread > 0 ? 'font-semibold' : 'font-medium')}
          >
            <Label whom={conversation} />
          </span>
          {at ? (
            <time dateTime={at} className={cx('shrink-0 text-xs', unread > 0 ? 'text-accent' : 'text-quiet')}>
              {format.dateTime(
                new Date(at),
                isSameDay(new Date(at), now) ? { timeStyle: 'short' } : { day: 'numeric', month: 'short' },
              )}
            </time>
          ) : null}
        </span>
        <span className="flex min-w-0 items-center gap-1.5 text-sm text-quiet">
          {last?.direction === 'outbound' && draft === '' ? <Ticks status={last.status} /> : null}
          {draft === '' ? null : <span className="shrink-0 text-accent">{t('draft')}</span>}
          <span dir="auto" className="text-beside min-w-0 grow truncate">
            {draft === '' && last?.sender ? <bdi>{t('said', { name: last.sender })} </bdi> : null}
            {draft || (last ? (last.preview ?? t(last.deleted ? 'deleted' : `types.${last.type}`)) : t('nothingYet'))}
          </span>
          {unread > 0 ? (
            <span className="shrink-0 rounded-full bg-accent px-1.5 text-xs leading-5 font-medium text-accent-ink">
              <span aria-hidden>{format.number(unread)}</span>
              <span className="sr-only">{t('unread', { count: unread })}</span>
            </span>
          ) : null}
        </span>
      </span>
    </Link>
  );
}
