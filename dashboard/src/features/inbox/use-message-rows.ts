'use client';
import type { MessageView } from '@wasel/backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { defaultRangeExtractor, type ReactVirtualizer, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { messagesQuery } from './inbox.api';

/** A message, the day that begins with it, and whether another than before writes it. */
export type Row = Readonly<{ message: MessageView; day: Date | null; writes: boolean }>;

/** What is older than the rows: null when there is nothing. */
export type Older = Readonly<{ busy: boolean; load: (() => void) | null }>;

/** Somebody is to be led to this message, however far back it is. */
export type Target = Readonly<{ id: string | null; reached: (found: boolean) => void }>;

type List = ReactVirtualizer<HTMLDivElement, HTMLLIElement>;

/** Of a message before it was drawn, and of what is above the first, in pixels. */
const HEIGHT = 76;
const ABOVE = 56;
/** What is older is asked for so many messages before the first. */
const AHEAD = 15;
/** Who is back at the newest needs no more pages than these: each is asked for again when the line was down. */
const PAGES_AT_END = 2;
const LIT_MS = 2_500;

/** The rows in sight; what is at the end stays there, and what comes above moves nothing. */
export function useMessageList(rows: readonly Row[], active: number, scroller: React.RefObject<HTMLDivElement | null>) {
  // oxlint-disable-next-line react/incompatible-library -- the compiler leaves this hook alone then, as it should
  const list = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.message.id ?? index,
    estimateSize: () => HEIGHT,
    paddingStart: ABOVE,
    paddingEnd: 16,
    gap: 8,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: 80,
    // Where the keyboard is has to be there.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), active])].filter((n) => n >= 0).toSorted((a, b) => a - b),
  });
  const newest = rows.at(-1)?.message;
  const own = newest?.direction === 'outbound' ? newest.id : null;
  useLayoutEffect(() => list.scrollToEnd(), [list, own]); // at first, and to what one has just sent
  return list;
}

/** Asks for what is older before who scrolls up sees the first message, also when he has come to it and scrolls no more. */
export function useOlder(list: List, older: Older): void {
  const first = list.range?.startIndex ?? 0;
  const { scrollDirection: direction } = list;
  const atEnd = list.isAtEnd();
  const back = useRef(false);
  useEffect(() => {
    if (atEnd) back.current = false;
    else if (direction === 'backward') back.current = true;
    if (back.current && first < AHEAD && !older.busy) older.load?.();
  }, [atEnd, direction, first, older]);
}

/** Forgets what is far back when somebody is at the newest again; not while it is loaded to lead somebody there. */
export function useTrim(conversation: string, atEnd: boolean, leading: boolean): void {
  const cache = useQueryClient();
  const was = useRef(false);
  useEffect(() => {
    const came = atEnd && !was.current && !leading;
    was.current = atEnd;
    const { queryKey } = messagesQuery(conversation);
    const data = cache.getQueryData(queryKey);
    if (!came || !data || data.pages.length <= PAGES_AT_END || cache.isFetching({ queryKey, exact: true }) > 0) return;
    const isOld = cache.getQueryState(queryKey)?.isInvalidated === true;
    cache.setQueryData(queryKey, {
      pages: data.pages.slice(0, PAGES_AT_END),
      pageParams: data.pageParams.slice(0, PAGES_AT_END),
    });
    // What is set counts as just read, which it was not.
    if (isOld) void cache.invalidateQueries({ queryKey, exact: true });
  }, [atEnd, leading, cache, conversation]);
}

/** Loads back to the target and shows it. */
export function useTarget(
  { list, rows, older, target }: { list: List; rows: readonly Row[]; older: Older; target: Target },
  lead: (id: string) => void,
): void {
  const { id, reached } = target;
  useEffect(() => {
    if (id === null) return;
    const index = rows.findIndex(({ message }) => message.id === id);
    if (index !== -1) {
      list.scrollToIndex(index, { align: 'center' });
      lead(id);
      reached(true);
    } else if (!older.load) reached(false);
    else if (!older.busy) older.load();
  }, [id, reached, rows, older, list, lead]);
}

/** Where the keyboard is led to, and what is lit for a moment because somebody was led there from afar. */
export function useLed() {
  const [led, setLed] = useState<{ id: string; focused: boolean; lit: boolean } | null>(null);
  const lit = led?.lit === true;
  useEffect(() => {
    if (!lit) return;
    const over = setTimeout(() => setLed((now) => now && { ...now, lit: false }), LIT_MS);
    return () => clearTimeout(over);
  }, [lit]);
  return {
    led,
    lead: useCallback((id: string) => setLed({ id, focused: true, lit: false }), []),
    light: useCallback((id: string) => setLed({ id, focused: true, lit: true }), []),
    /** The focus came there by itself. */
    follow: useCallback(
      (id: string) => setLed((now) => (now?.id === id ? now : { id, focused: false, lit: false })),
      [],
    ),
  };
}

/** Where a key leads from the active message; arrows inside of one are its own. */
export function stepOf(event: React.KeyboardEvent, active: number, count: number): number | null {
  if (!(event.target instanceof HTMLElement) || event.target.dataset.message === undefined) return null;
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: active - 1,
    ArrowDown: active + 1,
    Home: 0,
    End: count - 1,
  };
  const next = steps[event.key];
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1);
}
