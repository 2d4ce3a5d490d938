import { isDeepStrictEqual } from 'node:util';

type Value = string | number | boolean | null | readonly string[];
type Fields = Readonly<Record<string, Value | undefined>>;

/** What became of each field. `from` is missing of what was made, `to` of what was taken away. */
export type Changes = Readonly<Record<string, Readonly<{ from?: Value; to?: Value }>>>;

/**
 * The fields that differ. Whoever asks names the fields, one by one: a secret is not given by accident.
 * @param before null for what was made @param after null for what was taken away
 */
export function changesBetween(before: Fields | null, after: Fields | null): Changes {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return Object.fromEntries(
    [...names]
      .filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]))
      .map((name) => [name, { ...valueOf('from', before?.[name]), ...valueOf('to', after?.[name]) }]),
  );
}

const valueOf = (side: 'from' | 'to', value: Value | undefined) => (value === undefined ? {} : { [side]: value });
