import type { ConversationPage, ConversationView } from '@wasel/backend/contract';
import type { InfiniteData } from '@tanstack/react-query';
import { withFreshRows } from '../../lib/fresh-pages.ts';

/** What a list of conversations shows of all; nothing left out of it shows all. */
export type ConversationFilter = Readonly<{ search?: string; unread?: boolean; session?: string }>;

/** The same in words of the API. */
export type ConversationQuery = Readonly<Record<string, string>>;

/** What the keys of all lists begin with, and those of single conversations. */
export const LISTS = ['conversations', 'list'] as const;
export const ONES = ['conversations', 'one'] as const;
export const listKey = (query: ConversationQuery) => [...LISTS, query] as const;
export const conversationKey = (id: string) => [...ONES, id] as const;

export const queryOf = ({ search, unread, session }: ConversationFilter): ConversationQuery => ({
  ...(search ? { search } : {}),
  ...(unread ? { unread: 'true' } : {}),
  ...(session ? { session_id: session } : {}),
});

/** Where a conversation stands in a list. */
type Place = Pick<ConversationView, 'active_at' | 'id'>;

/**
 * A page as it was read, and its last row's place then: what is behind that comes with the next page, wherever the row itself
 * has gone since. Null: there is no next page.
 */
export type LoadedPage = ConversationPage & Readonly<{ end: Place | null }>;

/** What is loaded of a list, the latest first. */
export type ConversationPages = InfiniteData<LoadedPage, string | undefined>;

export const asLoaded = (page: ConversationPage): LoadedPage => ({
  ...page,
  end: page.next_cursor === null ? null : (page.items.at(-1) ?? null),
});

/** As the API has them: of one instant the greater id first. */
const latestFirst = (a: Place, b: Place): number => fallen(a.active_at, b.active_at) || fallen(a.id, b.id);
const fallen = (a: string, b: string): number => (a === b ? 0 : a < b ? 1 : -1);

/** Conversations as they are now, put where they belong; those that were asked for and did not come leave the list. */
export const withFresh = (
  data: ConversationPages,
  asked: ReadonlySet<string>,
  fresh: readonly ConversationView[],
): ConversationPages => ({
  ...data,
  pages: withFreshRows(
    data.pages,
    { asked, fresh },
    {
      compare: latestFirst,
      isOn: ({ end }, conversation) => end === null || latestFirst(conversation, end) <= 0,
    },
  ),
});

/** The same of a first page by itself, which reaches as far as its last row. */
export function withFreshLatest(
  page: ConversationPage,
  asked: ReadonlySet<string>,
  fresh: readonly ConversationView[],
): ConversationPage {
  const { pages } = withFresh({ pages: [asLoaded(page)], pageParams: [undefined] }, asked, fresh);
  return { ...page, items: pages.flatMap(({ items }) => items) };
}

/**
 * All that is loaded, each once. One that went back since its page was read, as when a merge is undone, comes again with a
 * later page, which is the newer one.
 */
export function loadedIn({ pages }: ConversationPages): ConversationView[] {
  const all = pages.flatMap(({ items }) => items);
  const last = new Map(all.map(({ id }, n) => [id, n]));
  return all.filter(({ id }, n) => last.get(id) === n);
}
