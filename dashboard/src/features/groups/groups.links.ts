/** What every group's name on WhatsApp ends with; an address does without it. */
const SERVER = '@g.us';

export const groupHref = (jid: string): string => `/groups/${jid.replace(SERVER, '')}`;

/** The group of an address. */
export const jidIn = (part: string): string => decodeURIComponent(part).replace(SERVER, '') + SERVER;
