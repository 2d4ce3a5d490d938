import type { GroupPage, GroupParticipantPage, GroupView } from '@wasel/backend/contract';
import type { InfiniteData } from '@tanstack/react-query';

/** What a list of groups shows of all, in words of the API; nothing left out of it shows all. */
export type GroupQuery = Readonly<Record<string, string>>;

/** What the keys of all lists begin with, and those of single groups and of what is in them. */
export const LISTS = ['groups', 'list'] as const;
export const ONES = ['groups', 'one'] as const;
export const INSIDE = ['groups', 'inside'] as const;
export const listKey = (query: GroupQuery) => [...LISTS, query] as const;
export const groupKey = (jid: string) => [...ONES, jid] as const;
export const insideKey = (jid: string, ...what: readonly unknown[]) => [...INSIDE, jid, ...what] as const;

/** What is loaded of a list. */
export type GroupPages = InfiniteData<GroupPage, string | undefined>;

/** The same of the people of one. */
export type PeoplePages = InfiniteData<GroupParticipantPage, string | undefined>;

/** What a list is sorted by, as far as it decides about a place. */
const placeOf = ({ sort }: GroupQuery, { size, subject }: GroupView): string | number =>
  sort === 'size' ? size : subject;

/**
 * Groups as they are now, where they stand; those that were asked for and did not come leave the list.
 *
 * @returns null when one is new or belongs elsewhere: only the database knows its alphabet
 */
export function withFreshGroups(
  data: GroupPages,
  query: GroupQuery,
  { asked, fresh }: Readonly<{ asked: ReadonlySet<string>; fresh: readonly GroupView[] }>,
): GroupPages | null {
  const now = new Map(fresh.map((group) => [group.id, group]));
  const before = new Map(data.pages.flatMap(({ items }) => items.map((group) => [group.id, group])));
  const stays = (group: GroupView): boolean => {
    const known = before.get(group.id);
    return known !== undefined && placeOf(query, known) === placeOf(query, group);
  };
  if (!fresh.every(stays)) return null;
  const pages = data.pages.map((page) =>
    page.items.some(({ id }) => asked.has(id))
      ? { ...page, items: page.items.flatMap((group) => now.get(group.id) ?? (asked.has(group.id) ? [] : group)) }
      : page,
  );
  return { ...data, pages };
}
