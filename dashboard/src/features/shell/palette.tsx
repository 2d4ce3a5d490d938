'use client';
import { may } from '@wasel/backend/contract/words';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  CircleQuestionMark,
  Link2,
  LogOut,
  Megaphone,
  MessageCircle,
  MessageCirclePlus,
  Moon,
  Plus,
  Smartphone,
  UsersRound,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { groupsQuery } from '@/features/groups/groups.api';
import { groupHref } from '@/features/groups/groups.links';
import { conversationsQuery } from '@/features/inbox/inbox.api';
import { labelOf, nameOf } from '@/features/inbox/whom';
import { conversationHref } from '@/features/inbox/inbox.links';
import { SessionState } from '@/features/sessions/session-state';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { session } from '@/lib/auth';
import { CommandPalette, type PaletteGroup, type PaletteItem } from '@/ui/command-palette';
import { usePages } from './pages';
import { useSettingsPages } from './settings-pages';
import { toggleTheme } from './preferences';

const ICON = 'size-4';
/** Conversations that are offered for one search. */
const OFFERED = 8;

/** What leads to every page, number, conversation and action; loaded when it is asked for. */
export default function Palette({ close }: { close: () => void }) {
  const t = useTranslations('palette');
  const [search, setSearch] = useState('');
  const wanted = search.trim();
  const conversations = useConversations(wanted);
  const groups = [
    useDestinations(wanted),
    conversations.group,
    useGroups(wanted),
    useNumbers(wanted),
    useActions(wanted),
  ];
  return (
    <CommandPalette
      title={t('title')}
      placeholder={t('placeholder')}
      empty={conversations.searching ? t('searching') : t('nothing')}
      search={search}
      onSearch={setSearch}
      leave={close}
      groups={groups.map(({ title, items }) => ({
        title,
        items: items.map((item) => ({
          ...item,
          run: () => {
            close();
            item.run();
          },
        })),
      }))}
    />
  );
}

const isNamed = (search: string, ...names: readonly (string | null)[]): boolean =>
  names.some((name) => name?.toLocaleLowerCase().includes(search.toLocaleLowerCase()));

const named = (items: readonly PaletteItem[], search: string): PaletteItem[] =>
  items.filter(({ label }) => isNamed(search, label));

function useDestinations(search: string): PaletteGroup {
  const t = useTranslations();
  const router = useRouter();
  const items = [...usePages(), ...useSettingsPages()].map(([href, name, Icon]) => ({
    id: href,
    label: t(name),
    icon: <Icon className={ICON} aria-hidden />,
    run: () => router.push(href),
  }));
  return { title: t('palette.pages'), items: named(items, search) };
}

function useNumbers(search: string): PaletteGroup {
  const t = useTranslations('palette');
  const router = useRouter();
  const { data = [] } = useQuery(sessionsQuery());
  const items = data
    .filter(({ name, phone_number: phone }) => isNamed(search, name, phone))
    .map((number) => ({
      id: number.id,
      label: number.name,
      detail: <SessionState session={number} />,
      icon: <Smartphone className={ICON} aria-hidden />,
      run: () => router.push(`/numbers/${number.id}`),
    }));
  return { title: t('numbers'), items };
}

/** The server searches: not every conversation is here. */
function useConversations(search: string): { group: PaletteGroup; searching: boolean } {
  const t = useTranslations('palette');
  const router = useRouter();
  const found = useInfiniteQuery({
    ...conversationsQuery({ search: useDeferredValue(search) }),
    placeholderData: keepPreviousData,
  });
  const items = (found.data ?? [])
    .filter((one) => isNamed(search, nameOf(one), one.contact?.phone_number ?? null)) // else Enter goes where the last answer led
    .slice(0, OFFERED)
    .map(({ id, ...whom }) => ({
      id,
      label: labelOf(whom),
      detail: whom.contact?.name ? <bdi dir="ltr">{whom.contact.phone_number}</bdi> : null,
      icon: <MessageCircle className={ICON} aria-hidden />,
      run: () => router.push(conversationHref(id)),
    }));
  return { group: { title: t('conversations'), items }, searching: found.isFetching };
}

/** Of what is searched for alone: there may be hundreds. */
function useGroups(search: string): PaletteGroup {
  const t = useTranslations('groups');
  const router = useRouter();
  const asked = useDeferredValue(search);
  const { data } = useInfiniteQuery({ ...groupsQuery({ search: asked }), enabled: asked !== '' });
  const items = (search === '' ? [] : (data?.pages[0]?.items ?? []))
    .filter(({ subject }) => isNamed(search, subject))
    .slice(0, OFFERED)
    .map(({ id, jid, subject, size }) => ({
      id,
      label: subject,
      detail: t('people', { count: size }),
      icon: <UsersRound className={ICON} aria-hidden />,
      run: () => router.push(groupHref(jid)),
    }));
  return { title: t('title'), items };
}

function useActions(search: string): PaletteGroup {
  const t = useTranslations();
  const router = useRouter();
  const { data: membership } = useMembership();
  const sends = membership ? may(membership.role, 'broadcasts:send') : false;
  const manages = membership ? may(membership.role, 'groups:manage') : false;
  const items = [
    {
      id: 'new-chat',
      label: t('palette.newChat'),
      icon: <MessageCirclePlus className={ICON} aria-hidden />,
      run: () => router.push('/inbox?new'),
    },
    ...(sends
      ? [
          {
            id: 'new-broadcast',
            label: t('broadcasts.new'),
            icon: <Megaphone className="size-4 rtl:-scale-x-100" aria-hidden />,
            run: () => router.push('/broadcasts/new'),
          },
        ]
      : []),
    ...(manages
      ? [
          {
            id: 'new-group',
            label: t('groups.changes.create.new'),
            icon: <UsersRound className={ICON} aria-hidden />,
            run: () => router.push('/groups?new'),
          },
          {
            id: 'join-group',
            label: t('palette.joinGroup'),
            icon: <Link2 className={ICON} aria-hidden />,
            run: () => router.push('/groups?join'),
          },
        ]
      : []),
    {
      id: 'link-number',
      label: t('palette.linkNumber'),
      icon: <Plus className={ICON} aria-hidden />,
      run: () => router.push('/numbers?add'),
    },
    {
      id: 'help',
      label: t('shell.help'),
      icon: <CircleQuestionMark className={ICON} aria-hidden />,
      run: () => router.push('/help'),
    },
    {
      id: 'theme',
      label: t('shell.theme'),
      icon: <Moon className={ICON} aria-hidden />,
      run: toggleTheme,
    },
    {
      id: 'sign-out',
      label: t('shell.signOut'),
      icon: <LogOut className="size-4 rtl:-scale-x-100" aria-hidden />,
      run: () => void session.signOut().then(() => location.assign('/')),
    },
  ];
  return { title: t('palette.actions'), items: named(items, search) };
}
