const CODES = new Set([408, 428, 440, 503, 515]);

/** Errors of Baileys, and of the socket below it, that speak of the connection, not of the message. */
export function speaksOfConnection(error: unknown): boolean {
  const { output, syscall } = error as { output?: { statusCode?: number }; syscall?: string };
  return syscall !== undefined || CODES.has(output?.statusCode ?? 0);
}
