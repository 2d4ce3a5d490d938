'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

/** So many rows are drawn above and below what is in sight, for who goes through them by keyboard. */
const BEYOND = 8;

/**
 * Which rows of a long list stand where they are seen, in a page that scrolls as a whole. Whoever draws them leaves room for the
 * rest, gives each row `data-index` and has it measured.
 * @param height of a row that was not drawn yet, and the gap between two, in pixels
 */
export function useRowsInSight<List extends HTMLElement, Item extends { id: string }>(
  items: readonly Item[],
  { height, gap = 0 }: { height: number; gap?: number },
) {
  const list = useRef<List>(null);
  const [top, setTop] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- the compiler leaves this alone then, as it should
  const virtual = useVirtualizer<HTMLElement, HTMLElement>({
    count: items.length,
    getScrollElement: () => list.current?.closest('main') ?? null,
    getItemKey: (index) => items[index]?.id ?? index,
    estimateSize: () => height,
    overscan: BEYOND,
    scrollMargin: top,
    gap,
  });
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- what stands above comes and goes; the same number changes nothing
  useLayoutEffect(() => {
    const page = list.current?.closest('main');
    if (!list.current || !page) return;
    setTop(Math.round(list.current.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop));
  });
  const rows = virtual.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    list,
    measure: virtual.measureElement,
    shown: rows.flatMap(({ index }) => {
      const item = items[index];
      return item ? [{ index, item }] : [];
    }),
    /** Room for what is not drawn, in pixels. */
    before: first ? first.start - top : 0,
    after: last ? virtual.getTotalSize() - (last.end - top) : 0,
  };
}
