'use client';
import { useRowsInSight } from './use-rows-in-sight';

/** A list of any length, of which only what is in sight is drawn. */
export function LongList<Item extends { id: string }>({
  items,
  complete,
  height,
  gap = 0,
  className,
  row,
  children,
}: {
  items: readonly Item[];
  /** Whether there are no more. */
  complete: boolean;
  /** Of a row that was not drawn yet, and the gap between two, in pixels. */
  height: number;
  gap?: number;
  className?: string;
  /** Of each row. */
  row?: string;
  children: (item: Item) => React.ReactNode;
}) {
  const { list, measure, shown, before, after } = useRowsInSight<HTMLUListElement, Item>(items, {
    height,
    gap,
  });
  return (
    <ul
      ref={list}
      className={className}
      style={{ paddingTop: before, paddingBottom: after, rowGap: gap, overflowAnchor: 'none' }}
    >
      {shown.map(({ item, index }) => (
        <li
          key={item.id}
          ref={measure}
          data-index={index}
          aria-setsize={complete ? items.length : -1}
          aria-posinset={index + 1}
          className={row}
        >
          {children(item)}
        </li>
      ))}
    </ul>
  );
}
