/** Rows that are chosen, and the one that was touched last: a range goes from it. */
export type Selection = Readonly<{ ids: ReadonlySet<string>; last: string | null }>;

export const NONE: Selection = { ids: new Set(), last: null };

/** Chooses a row, or not any more; with `range` all from the one that was touched last, as that one. */
export function toggled(
  { ids, last }: Selection,
  id: string,
  { among, range }: Readonly<{ among: readonly string[]; range: boolean }>,
): Selection {
  const [from, to] = [last === null ? -1 : among.indexOf(last), among.indexOf(id)];
  const next = new Set(ids);
  if (range && from >= 0) {
    const chosen = ids.has(among[from] ?? '');
    for (const one of among.slice(Math.min(from, to), Math.max(from, to) + 1))
      if (chosen) next.add(one);
      else next.delete(one);
  } else if (next.has(id)) next.delete(id);
  else next.add(id);
  return { ids: next, last: id };
}

/** All of these, or none of them if all are. */
export function toggledAll({ ids }: Selection, among: readonly string[]): Selection {
  const all = among.every((id) => ids.has(id));
  const next = new Set(ids);
  for (const id of among)
    if (all) next.delete(id);
    else next.add(id);
  return { ids: next, last: null };
}
