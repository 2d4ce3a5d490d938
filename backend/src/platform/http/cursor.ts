import { z } from 'zod';
import { RequestInvalid } from './http.errors.ts';

/** A keyset cursor: the sort values of the last row of a page, opaque to whoever holds it, and good in its organization or list. */
export const encodeCursor = (organization: string, values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([organization, values])).toString('base64url');

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
