/** Boom errors of Baileys that speak of the connection, not of the message. */
export const isConnectionError = (error: unknown): boolean => {
  const code = (error as { output?: { statusCode?: number } }).output?.statusCode;
  return code !== undefined && [408, 428, 440, 500, 503, 515].includes(code);
};
