import type { SocketConfig } from '@whiskeysockets/baileys';

type BaileysLogger = SocketConfig['logger'];

/** Where the adapter may say something: constant messages, and fields that are no secret. */
export type AdapterLog = Readonly<{
  debug: (fields: Record<string, unknown>, message: string) => void;
  warn: (fields: Record<string, unknown>, message: string) => void;
}>;

/**
 * Baileys logs keys, message bodies and whole stanzas as fields. Only its constant messages pass, and of errors only name
 * and message; the rest is dropped here, whatever the level.
 */
export function baileysLogger(log: AdapterLog): BaileysLogger {
  const say = (level: 'debug' | 'warn') => (fields: unknown, message?: string) => {
    if (message !== undefined) log[level](errorIn(fields), `baileys: ${message}`);
  };
  const logger: BaileysLogger = {
    level: 'info',
    child: () => logger,
    trace: () => undefined,
    debug: () => undefined,
    info: () => undefined,
    warn: say('debug'),
    error: say('warn'),
  };
  return logger;
}

function errorIn(fields: unknown): Record<string, unknown> {
  const { err, error } = (typeof fields === 'object' && fields !== null ? fields : {}) as Record<string, unknown>;
  const cause = err ?? error;
  return cause instanceof Error ? { errorName: cause.name, errorMessage: cause.message.slice(0, 200) } : {};
}
