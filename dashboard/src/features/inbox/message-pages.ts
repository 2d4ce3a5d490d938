import type { MessagePage, MessageView } from '@wasel/backend/contract';
import type { InfiniteData } from '@tanstack/react-query';

/** What is loaded of a conversation, the newest first. */
export type MessagePages = InfiniteData<MessagePage, string | undefined>;

export const messagesKey = (conversation: string) => ['messages', conversation] as const;

const QUEUED = new Set<string>(['pending', 'queued', 'sending']);
/** What waits says why, and that may change with whatever happens; so many of them are asked for together with that. */
const WAITING_MAX = 20;

/**
 * Messages as they are now, put where they stand or belong. One that is older than all that is loaded comes with its page.
 *
 * @param asked ids that were asked for; one that is not among `fresh` is no longer in the conversation, or is a change, for
 *   which what it changes came
 */
export function withFresh(data: MessagePages, asked: ReadonlySet<string>, fresh: readonly MessageView[]): MessagePages {
  const now = new Map(fresh.map((message) => [message.id, message]));
  const known = new Set(data.pages.flatMap(({ items }) => items.map(({ id }) => id)));
  const added = new Map<number, MessageView[]>();
  for (const message of fresh) {
    const page = known.has(message.id) ? -1 : pageFor(data.pages, message.id);
    if (page !== -1) added.set(page, [...(added.get(page) ?? []), message]);
  }
  const pages = data.pages.map((page, n) => {
    const news = added.get(n);
    if (!news && !page.items.some(({ id }) => asked.has(id) || now.has(id))) return page;
    const there = page.items.flatMap((item) => now.get(item.id) ?? (asked.has(item.id) ? [] : item));
    return { ...page, items: [...there, ...(news ?? [])].toSorted(newestFirst) };
  });
  return { ...data, pages };
}

/** Ids are of the time when they were made, and pages in their order. */
const newestFirst = (a: MessageView, b: MessageView): number => (a.id < b.id ? 1 : -1);

/** @returns -1 when it is further back than what is loaded */
const pageFor = (pages: readonly MessagePage[], id: string): number =>
  pages.findIndex(({ items, next_cursor: next }) => next === null || id > (items.at(-1)?.id ?? id));

/** Loaded messages that have not left yet, the newest of them. */
export const waitingIn = (data: MessagePages | undefined): string[] =>
  (data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ status }) => QUEUED.has(status))
    .slice(0, WAITING_MAX)
    .map(({ id }) => id);
