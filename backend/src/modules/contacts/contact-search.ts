/** Prisma hands a text to LIKE as it is, where these are no letters. */
export const literally = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** Of what is written as a number, without the zeros that are dialled before it; of anything else nothing. */
export const digitsOf = (search: string): string =>
  /^[\d\s()+./-]+$/.test(search) ? search.replaceAll(/\D/g, '').replace(/^0+(?=\d)/, '') : '';
