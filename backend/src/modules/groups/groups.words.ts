/** Most people that one page of a group can hold: half of what WhatsApp lets into a group. */
export const PEOPLE_LIMIT_MAX = 512;
