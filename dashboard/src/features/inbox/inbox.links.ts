/** The conversation that the inbox shows is in its address, so that Back, a reload and a shared link know it. */
export const CONVERSATION_PARAM = 'conversation';

export const conversationHref = (id: string): string => `/inbox?${CONVERSATION_PARAM}=${encodeURIComponent(id)}`;
