/** Texts in one order, so that two collections can be compared whatever the order in which they came. */
export const inOrder = (texts: readonly (string | null | undefined)[]): string[] =>
  texts.map((text) => text ?? '').toSorted((a, b) => a.localeCompare(b));
