import type { OptOutWords } from './opt-outs.dto.ts';
import { plain, says } from './keywords.ts';

/** Of an organization that has not chosen its own: English, Hebrew, Arabic. */
export const DEFAULT_WORDS: OptOutWords = {
  stop: ['STOP', 'UNSUBSCRIBE', 'הסר', 'إلغاء'],
  start: ['START', 'התחל', 'ابدأ'],
};

/** What somebody wants who writes this; null of whatever else. */
export function wishOf(text: string | null, { stop, start }: OptOutWords): 'out' | 'in' | null {
  if (text === null) return null;
  if (says(text, stop, 'whole')) return 'out';
  return says(text, start, 'whole') ? 'in' : null;
}

/** Words that mean both could not be told apart; those of signs alone are never said. */
export function faultIn({ stop, start }: OptOutWords): { list: 'stop' | 'start'; message: string } | null {
  const stops = new Set(stop.map(plain));
  const both = start.find((word) => stops.has(plain(word)));
  if (both !== undefined) return { list: 'start', message: `“${both}” cannot mean both.` };
  for (const [list, words] of Object.entries({ stop, start }) as ['stop' | 'start', string[]][])
    if (words.some((word) => plain(word) === '')) return { list, message: 'Use letters or digits.' };
  return null;
}
