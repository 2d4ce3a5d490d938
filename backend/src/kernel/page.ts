import { z } from 'zod';
import { PAGE_LIMIT_MAX } from './words.ts';

/** Query of every list: the newest first, going back from `cursor`. */
export const PageQuery = z.object({
  /** Opaque; the `next_cursor` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
});
export type PageQuery = z.infer<typeof PageQuery>;

const UUID_LENGTH = 36;

/** Query of rows by their ids, with commas between them: no more than one page can hold. */
export const idsOf = <T extends z.ZodType<string, string>>(id: T) =>
  z
    .string()
    .max(PAGE_LIMIT_MAX * (UUID_LENGTH + 1))
    .meta({ 'x-list-of': 'uuid' })
    .transform((ids) => ids.split(','))
    .pipe(z.array(id).max(PAGE_LIMIT_MAX));

/** One page of `item`; `next_cursor` is null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export type Page<T> = { items: T[]; next_cursor: string | null };
