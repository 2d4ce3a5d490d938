'use client';
import type { ContactCard, Location, MessageView } from '@wasel/backend/contract';
import { ArrowUpRight, AtSign, Ban, CircleCheck, Download, Forward, MapPin, Timer, UserRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { saveFile } from '@/lib/save-file';
import { IconButton } from '@/ui/button';
import { useActions, useChatting } from './chat-actions';
import { useReact } from './inbox.api';
import { mapHref } from './message.rules';

/** WhatsApp says "many times" from here on. */
const MANY_FORWARDS = 5;

/** What it is besides what it says: passed on, to be seen once. */
export function Marks({ message: { content, deleted_at: deleted } }: { message: MessageView }) {
  const t = useTranslations('inbox');
  if (deleted) return null;
  const forwards = content?.forwards ?? 0;
  return (
    <>
      {forwards > 0 ? (
        <p className="flex items-center gap-1 text-xs text-quiet italic">
          <Forward className="size-3.5 rtl:-scale-x-100" aria-hidden />
          {t(forwards >= MANY_FORWARDS ? 'forwardedOften' : 'forwarded')}
        </p>
      ) : null}
      {content?.mention_all ? (
        <p className="flex items-center gap-1 text-xs text-quiet italic">
          <AtSign className="size-3.5" aria-hidden />
          {t('everyone')}
        </p>
      ) : null}
      {content?.view_once ? (
        <p className="flex items-center gap-1 text-xs text-quiet italic">
          <Timer className="size-3.5" aria-hidden />
          {t('once')}
        </p>
      ) : null}
    </>
  );
}

/** The message that this one answers; chosen, the chat goes there. */
export function Quote({ message: { reply_to: quoted, deleted_at: deleted } }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const { goTo } = useActions();
  const { name, inGroup } = useChatting();
  if (!quoted || deleted) return null;
  const { message_id: id, direction, sender_name: writer, text, type } = quoted;
  const words = (
    <>
      <span dir="auto" className="text-beside truncate text-xs font-medium text-accent">
        {direction === 'outbound' ? t('you') : inGroup ? (writer ?? t('somebody')) : name}
      </span>
      <span dir="auto" className="text-beside line-clamp-2 text-quiet wrap-anywhere">
        {text || t(`types.${type}`)}
      </span>
    </>
  );
  const look = 'grid w-full min-w-0 rounded-lg border-s-4 border-accent bg-raised px-2.5 py-1.5 text-start text-sm';
  return id === null ? (
    <blockquote className={look}>{words}</blockquote>
  ) : (
    <button type="button" className={look} onClick={() => goTo(id)}>
      <span className="sr-only">{t('quoted')}</span>
      {words}
    </button>
  );
}

export function Place({ place }: { place: Location }) {
  const t = useTranslations('inbox');
  const { latitude, longitude, name, address, live } = place;
  return (
    <a
      href={mapHref(place)}
      target="_blank"
      rel="noreferrer noopener"
      className="flex w-72 max-w-full min-w-0 items-center gap-3 rounded-xl bg-raised px-3 py-2.5"
    >
      <MapPin className="size-6 shrink-0 text-accent" aria-hidden />
      <span className="grid min-w-0 grow">
        <span dir="auto" className="text-beside font-medium wrap-anywhere">
          {name ?? t(live ? 'liveLocation' : 'types.location')}
        </span>
        {address ? (
          <span dir="auto" className="text-beside text-quiet wrap-anywhere">
            {address}
          </span>
        ) : null}
        <bdi dir="ltr" className="w-fit text-xs text-quiet tabular-nums">
          {latitude.toFixed(5)}, {longitude.toFixed(5)}
        </bdi>
        <span className="sr-only">{t('map')}</span>
      </span>
      <ArrowUpRight className="size-4 shrink-0 text-quiet rtl:-scale-x-100" aria-hidden />
    </a>
  );
}

export function Cards({ cards }: { cards: readonly ContactCard[] }) {
  const t = useTranslations('inbox');
  return (
    <ul className="grid w-72 max-w-full min-w-0 gap-2">
      {cards.map((card) => (
        <li key={card.vcard} className="flex min-w-0 items-center gap-3 rounded-xl bg-raised px-3 py-2.5">
          <UserRound className="size-6 shrink-0 text-accent" aria-hidden />
          <div className="grid min-w-0 grow">
            <span dir="auto" className="text-beside font-medium wrap-anywhere">
              {card.name}
            </span>
            {card.phones.map((phone) => (
              <p key={phone}>
                <a href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`} className="text-accent hover:underline">
                  <bdi dir="ltr">{phone}</bdi>
                </a>
              </p>
            ))}
          </div>
          <IconButton
            look="ghost"
            label={t('saveCard', { name: card.name })}
            className="hover:bg-surface"
            onClick={() => saveFile(new Blob([card.vcard], { type: 'text/vcard' }), `${card.name}.vcf`)}
          >
            <Download className="size-4" aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

/** What is asked and how it was answered so far. */
export function PollCard({ message: { text, content, poll_results: results } }: { message: MessageView }) {
  const t = useTranslations('inbox.poll');
  const format = useFormatter();
  if (!results) return null;
  const most = Math.max(1, ...results.map(({ votes }) => votes));
  const several = content?.poll?.selectable_count !== 1;
  return (
    <div className="grid w-72 max-w-full min-w-0 gap-2.5 py-1">
      <div>
        <p dir="auto" className="text-beside font-medium wrap-anywhere">
          {text}
        </p>
        <p className="text-xs text-quiet">{t(several ? 'several' : 'one')}</p>
      </div>
      <ul className="grid gap-2.5">
        {results.map(({ option, votes, mine }) => (
          <li key={option} className="grid gap-1">
            <span className="flex min-w-0 items-baseline justify-between gap-3">
              <span dir="auto" className="text-beside min-w-0 wrap-anywhere">
                {option}
              </span>
              <span className="flex shrink-0 items-center gap-1 text-xs text-quiet">
                {mine ? (
                  <>
                    <CircleCheck className="size-3.5 text-accent" aria-hidden />
                    <span className="sr-only">{t('mine')}</span>
                  </>
                ) : null}
                <span aria-hidden>{format.number(votes)}</span>
                <span className="sr-only">{t('votes', { count: votes })}</span>
              </span>
            </span>
            <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ inlineSize: `${(votes / most) * 100}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Placeholder({ message: { deleted_at: deleted, type, content, media } }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const words = deleted
    ? t('deleted')
    : type === 'unsupported'
      ? t('unsupported')
      : content?.view_once && !media
        ? t('viewOnce')
        : null;
  if (words === null) return null;
  return (
    <p className="flex items-center gap-1.5 text-quiet italic">
      {deleted ? <Ban className="size-3.5 shrink-0" aria-hidden /> : null}
      {words}
    </p>
  );
}

/** What people answered it with; whoever may send adds to one or takes his own back. */
export function Reactions({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const { sends } = useChatting();
  const react = useReact(useActions().failed);
  if (message.reactions.length === 0) return null;
  return (
    <ul aria-label={t('reactions')} className="flex flex-wrap gap-1">
      {message.reactions.map(({ emoji, count, mine }) => {
        const words = (
          <span
            className={cx(
              'flex min-h-6 items-center gap-1 rounded-full border px-2 text-sm leading-5',
              mine ? 'border-accent bg-accent-soft' : 'border-line bg-surface',
            )}
          >
            {emoji}
            {count > 1 ? <span className="text-xs text-quiet">{format.number(count)}</span> : null}
          </span>
        );
        return (
          <li key={emoji}>
            {sends ? (
              <button
                type="button"
                className="-my-2 grid min-h-10 min-w-10 place-items-center rounded-full"
                aria-pressed={mine}
                aria-label={t('reaction', { emoji, count })}
                onClick={() => react.mutate({ message_id: message.id, emoji: mine ? '' : emoji })}
              >
                {words}
              </button>
            ) : (
              words
            )}
          </li>
        );
      })}
    </ul>
  );
}
