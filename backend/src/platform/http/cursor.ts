import { z } from 'zod';
import { RequestInvalid } from './http.errors.ts';

/** A keyset cursor: the sort values of the last row of a page, opaque to whoever holds it. */
export const encodeCursor = (values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** @throws RequestInvalid when it is not one of ours */
export function decodeCursor<T extends z.ZodType>(schema: T, cursor: string | undefined): z.infer<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new RequestInvalid([{ path: ['cursor'], message: 'Use the next_cursor of the page before, as it is.' }]);
  }
}
