import type { MessagePage, MessageView } from '@wasel/backend/contract';
import type { InfiniteData } from '@tanstack/react-query';
import { withFreshRows } from '../../lib/fresh-pages.ts';

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
export const withFresh = (
  data: MessagePages,
  asked: ReadonlySet<string>,
  fresh: readonly MessageView[],
): MessagePages => ({
  ...data,
  pages: withFreshRows(data.pages, { asked, fresh }, { compare: newestFirst, isOn }),
});

/** Ids are of the time when they were made, and pages in their order. */
const newestFirst = (a: MessageView, b: MessageView): number => (a.id < b.id ? 1 : -1);

function isOn({ items, next_cursor: next }: MessagePage, { id }: MessageView): boolean {
  const last = items.at(-1);
  return next === null || (last !== undefined && id >= last.id);
}

/** Loaded messages that have not left yet, the newest of them. */
export const waitingIn = (data: MessagePages | undefined): string[] =>
  (data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ status }) => QUEUED.has(status))
    .slice(0, WAITING_MAX)
    .map(({ id }) => id);
