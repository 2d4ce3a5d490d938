/** How the rows of a list stand in its pages. */
type Order<Item, Page> = Readonly<{
  /** Of two rows of a page. */
  compare: (a: Item, b: Item) => number;
  /** Whether a row stands on this page, given that it stands on none before. */
  isOn: (page: Page, item: Item) => boolean;
}>;

/**
 * Rows as they are now, each put where it belongs, and none twice. One that belongs behind all that is loaded comes with its
 * page. A page on which nothing has changed is the same, and its cursor leads on wherever its rows went.
 *
 * @param asked ids that were asked for; one that is not among `fresh` is no longer in the list
 */
export function withFreshRows<Item extends { id: string }, Page extends { items: readonly Item[] }>(
  pages: readonly Page[],
  { asked, fresh }: Readonly<{ asked: ReadonlySet<string>; fresh: readonly Item[] }>,
  { compare, isOn }: Order<Item, Page>,
): Page[] {
  const now = new Map(fresh.map((item) => [item.id, item])); // two that were asked for may be shown as one
  const added = new Map<number, Item[]>();
  for (const item of now.values()) {
    const place = pages.findIndex((page) => isOn(page, item));
    added.set(place, [...(added.get(place) ?? []), item]);
  }
  return pages.map((page, n) => {
    const news = added.get(n) ?? [];
    const rest = page.items.filter(({ id }) => !asked.has(id) && !now.has(id));
    if (news.length === 0 && rest.length === page.items.length) return page;
    return { ...page, items: [...rest, ...news].toSorted(compare) };
  });
}
