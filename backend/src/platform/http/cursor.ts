import { z } from 'zod';
import type { Page } from '../../kernel/page.ts';
import { RequestInvalid } from './http.errors.ts';

/** A keyset cursor: the sort values of the last row of a page, opaque to whoever holds it, and good in its organization or list. */
export const encodeCursor = (organization: string, values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([organization, values])).toString('base64url');

/**
 * Of rows that were asked for with one more than is shown, those that are, and the cursor to what follows; null after the last.
 * @param list what the cursor is good in
 * @param placeOf the values that the list is sorted by
 */
export function cutPage<R>(
  list: string,
  rows: readonly R[],
  limit: number,
  placeOf: (row: R) => readonly unknown[],
): { rows: R[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last !== undefined ? encodeCursor(list, placeOf(last)) : null };
}

/** The same of rows that are sorted by their ids, as the API shows them. */
export function pageOf<R extends { id: string }, T>(
  list: string,
  rows: readonly R[],
  limit: number,
  toView: (row: R) => T,
): Page<T> {
  const page = cutPage(list, rows, limit, ({ id }) => [id]);
  return { items: page.rows.map(toView), next_cursor: page.next };
}

/** @throws RequestInvalid when it is not one of this organization and list */
export function decodeCursor<T extends z.ZodType>(
  organization: string,
  schema: T,
  cursor: string | undefined,
): z.infer<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [bearer, values] = z
      .tuple([z.string(), z.unknown()])
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (bearer === organization) return schema.parse(values);
  } catch {
    // what is none is refused as what is another's
  }
  throw new RequestInvalid([{ path: ['cursor'], message: 'Use the next_cursor of the page before, as it is.' }]);
}
