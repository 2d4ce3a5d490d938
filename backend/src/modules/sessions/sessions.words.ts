/** By which a number is told from others in lists. */
export const SESSION_COLORS = ['green', 'blue', 'violet', 'rose', 'amber', 'slate'] as const;

/** What WhatsApp bears of a number that writes to people: more is taken for a machine. */
export const MAX_PER_MINUTE = 20;

/** Most chats that a number can be set to begin in a day. */
export const MAX_NEW_CHATS_PER_DAY = 250;
