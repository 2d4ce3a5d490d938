/** Apart from the sessions: a number that has just been linked has no code to be asked for again. */
export const linkKey = (sessionId: string) => ['session-links', sessionId] as const;
