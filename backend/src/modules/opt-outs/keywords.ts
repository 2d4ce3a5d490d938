/** What is written the same but looks different: Arabic letters that people type one for the other. */
const ALIKE: Readonly<Record<string, string>> = { ى: 'ي', ة: 'ه', ـ: '' };

/**
 * A text as it is compared: without case, marks (niqqud, harakat, accents), punctuation and invisible characters, with single
 * blanks. A hamza is a mark as well, so that `الغاء` is `إلغاء`.
 */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .replaceAll(/[ىةـ]/g, (letter) => ALIKE[letter] ?? letter)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * Whether a message says one of the keywords.
 * @param match `whole`: and nothing else; `contains`: as words of their own, wherever they stand
 */
export function says(text: string, keywords: readonly string[], match: 'whole' | 'contains'): boolean {
  const said = plain(text);
  return keywords.map(plain).some((word) => {
    if (word === '') return false;
    return match === 'whole' ? said === word : ` ${said} `.includes(` ${word} `);
  });
}
