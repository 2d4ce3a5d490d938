/** Where a browser keeps the language that was chosen on the screen. */
export const LANGUAGE_COOKIE = 'wasel-language';

/** Most rows that one page of a list can hold. */
export const PAGE_LIMIT_MAX = 100;
