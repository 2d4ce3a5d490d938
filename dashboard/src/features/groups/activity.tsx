'use client';
import type { GroupView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  Eye,
  LogIn,
  LogOut,
  type LucideIcon,
  Shield,
  ShieldCheck,
  Smartphone,
  UserRoundMinus,
  UserRoundPlus,
} from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { helpHref } from '@/features/help/help-link';
import { useDayName } from '@/features/inbox/use-day-name';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { IconTile } from '@/ui/icon-tile';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { byDay, type Happening, happeningsIn, type Somebody } from './events.rules';
import { eventsQuery } from './groups.api';

const ICONS: Readonly<Record<Happening['type'], LucideIcon>> = {
  added: UserRoundPlus,
  joined: LogIn,
  left: LogOut,
  removed: UserRoundMinus,
  promoted: ShieldCheck,
  demoted: Shield,
  changed_number: Smartphone,
};
/** People that are named before the others are counted. */
const NAMED = 3;

/** Who came, went or got another role, day by day. */
export default function Activity({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const events = useInfiniteQuery(eventsQuery(group.jid));
  const items = events.data?.pages.flatMap((page) => page.items);
  const days = byDay(happeningsIn(items ?? []));
  const dayName = useDayName();
  return (
    <>
      {events.isPending ? (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      ) : null}
      {events.isError && !items ? (
        <ErrorState text={faultIn(t, events.error)} again={t('retry')} retry={() => void events.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('events.none.title')}>{t('events.none.text')}</EmptyState>
        </Card>
      ) : null}
      {days.map(({ day, items: happened }) => (
        <section key={day.toDateString()} className="grid min-w-0 grid-cols-1 gap-2">
          <h3 className="text-sm font-medium text-quiet">{dayName(day)}</h3>
          <Card className="py-1 sm:py-1">
            <ol className="grid grid-cols-1 divide-y divide-line">
              {happened.map((one) => (
                <Row
                  key={`${one.type} ${one.at} ${one.people[0]?.lid ?? one.people[0]?.phone_number}`}
                  happened={one}
                />
              ))}
            </ol>
          </Card>
        </section>
      ))}
      {events.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={events.isFetchingNextPage}
          load={() => void events.fetchNextPage()}
        >
          {t('events.older')}
        </LoadMore>
      ) : null}
    </>
  );
}

function Row({ happened }: { happened: Happening }) {
  const t = useTranslations('groups.events');
  const s = useTranslations('shell');
  const format = useFormatter();
  const { type, at, noticed, actor, people, size } = happened;
  const whom = <People people={people} />;
  const who = actor ? <Person person={actor} /> : null;
  const sentence = noticed ? `noticed.${type}` : actor === null ? `alone.${type}` : `by.${type}`;
  return (
    <li className="flex gap-3 py-3">
      <IconTile icon={noticed ? Eye : ICONS[type]} />
      <div className="grid min-w-0 grow grid-cols-1 content-center gap-0.5">
        <p className="text-sm leading-6 wrap-anywhere">
          {t.rich(sentence, {
            count: people.length,
            people: () => whom,
            actor: () => who,
          })}
        </p>
        <p className="text-xs leading-5 text-quiet">
          <time dateTime={at}>{format.dateTime(new Date(at), { timeStyle: 'short' })}</time>
          {' · '}
          {t('size', { count: size })}
        </p>
        {noticed ? (
          <p className="text-xs leading-5 text-quiet">
            {t('noticed.why')}{' '}
            <a
              href={helpHref('groups#noticed')}
              target="_blank"
              rel="noreferrer"
              className="font-medium text-accent underline underline-offset-2"
            >
              {t('noticed.help')}
              <span className="sr-only">{s('newTab')}</span>
            </a>
          </p>
        ) : null}
      </div>
    </li>
  );
}

function People({ people }: { people: readonly Somebody[] }) {
  const t = useTranslations('groups.events');
  const [all, setAll] = useState(false);
  const shown = all ? people : people.slice(0, NAMED);
  return (
    <>
      {shown.map((person, n) => (
        <span key={person.lid ?? person.phone_number}>
          {n > 0 ? t('and') : null}
          <Person person={person} />
        </span>
      ))}
      {shown.length < people.length ? (
        <>
          {' '}
          <button type="button" className="font-medium text-accent hover:underline" onClick={() => setAll(true)}>
            {t('others', { count: people.length - shown.length })}
          </button>
        </>
      ) : null}
    </>
  );
}

/** By the name of a number of ours, of a contact, by his number, or not at all. */
function Person({ person: { contact, phone_number: phone } }: { person: Somebody }) {
  const t = useTranslations('groups.members');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const ours = phone === null ? undefined : sessions.find(({ phone_number: number }) => number === phone);
  const look = 'font-medium hover:underline';
  if (ours)
    return (
      <Link href={`/numbers/${ours.id}`} className={look}>
        <bdi>{ours.name}</bdi>
      </Link>
    );
  const words = contact?.name ? <bdi>{contact.name}</bdi> : phone ? <bdi dir="ltr">{phone}</bdi> : t('unnamed');
  return contact ? (
    <Link href={`/contacts/${contact.id}`} className={look}>
      {words}
    </Link>
  ) : (
    <span className="font-medium">{words}</span>
  );
}
