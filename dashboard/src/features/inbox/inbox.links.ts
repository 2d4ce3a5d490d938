/** The conversation that the inbox shows is in its address, so that Back, a reload and a shared link know it. */
export const CONVERSATION_PARAM = 'conversation';

/** A message that somebody is led to; its conversation may be left out, and is then found by it. */
export const MESSAGE_PARAM = 'message';

export const conversationHref = (id: string): string => `/inbox?${CONVERSATION_PARAM}=${encodeURIComponent(id)}`;

export const messageHref = (id: string): string => `/inbox?${MESSAGE_PARAM}=${encodeURIComponent(id)}`;
