/** How long WhatsApp's apps take an edit. */
export const EDIT_MINUTES = 15;
/** How long they take a deletion for everyone: two days and twelve hours. */
export const DELETE_MINUTES = 60 * 60;

/** Types whose messages can be passed on. */
export const FORWARDABLE: readonly string[] = [
  'text',
  'image',
  'video',
  'gif',
  'audio',
  'voice',
  'document',
  'sticker',
  'location',
  'contact',
];
