/** What columns are called that hold a number, in the languages of those who make lists. */
const PHONE = /phone|mobile|whatsapp|\btel|cell|טלפון|נייד|هاتف|جوال|موبايل|واتس|رقم/i;
const TEXT = /text|message|body|טקסט|הודעה|رسالة|نص/i;

const indexOr = (columns: readonly string[], means: RegExp, otherwise: number): number => {
  const found = columns.findIndex((column) => means.test(column));
  return found < 0 ? otherwise : found;
};

/** Where the numbers probably stand. */
export const phoneColumnOf = (columns: readonly string[]): number => indexOr(columns, PHONE, 0);

/** Where the texts probably stand. */
export const textColumnOf = (columns: readonly string[]): number =>
  indexOr(columns, TEXT, Math.min(1, columns.length - 1));

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The column that is called as a variable, or has its name within; the first when there is none. */
export function columnOfVariable(columns: readonly string[], variable: string): number {
  const wanted = plain(variable);
  const same = columns.findIndex((column) => plain(column) === wanted);
  if (same >= 0) return same;
  const within = columns.findIndex((column) => plain(column) !== '' && wanted.includes(plain(column)));
  return Math.max(within, 0);
}

/** A number's pace where nobody chose one: as `.env.example` has it. */
const PER_MINUTE = 20;

/** How long so many take at a number's pace, in minutes; at least one. */
export const minutesFor = (messages: number, perMinute: number | null): number =>
  Math.max(1, Math.ceil(messages / Math.min(perMinute ?? PER_MINUTE, PER_MINUTE)));
