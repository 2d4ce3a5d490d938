/** The looks of what is filled in. */
export const CONTROL = 'control';
