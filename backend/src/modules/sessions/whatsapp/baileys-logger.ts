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
    if (message !== undefined) log[isOrdinary(fields) ? 'debug' : level](errorIn(fields), `baileys: ${message}`);
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

/**
 * What belongs to the life of a connection: WhatsApp asks for a new one after each linking (515), and one that ends leaves work
 * undone, which is written down and done by the next.
 */
function isOrdinary(fields: unknown): boolean {
  const { fullErrorNode: node } = (fields ?? {}) as { fullErrorNode?: { attrs?: { code?: string } } };
  return node?.attrs?.code === '515' || errorIn(fields)['errorMessage'] === 'Connection Closed';
}

function errorIn(fields: unknown): Record<string, unknown> {
  const { err, error } = (typeof fields === 'object' && fields !== null ? fields : {}) as Record<string, unknown>;
  const cause = err ?? error;
  return cause instanceof Error ? { errorName: cause.name, errorMessage: cause.message.slice(0, 200) } : {};
}
