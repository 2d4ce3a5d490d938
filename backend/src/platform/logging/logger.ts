import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import { type Failure, failureOf } from '../failures/failure.ts';

/** Fields that never reach a log, wherever they stand: keys, tokens, what people wrote. */
const SECRET = [
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'key',
  'qr',
  'text',
  'body',
  'payload',
  'caption',
];
const REDACTED = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * The one way out for words: one line of JSON per event on stdout, a constant message and its fields.
 *
 * @param failed hears of each line that tells of a failure
 * @param to where lines go instead of stdout
 */
export const createLog = (
  level: string,
  failed: (failure: Failure) => void = () => undefined,
  to?: pino.DestinationStream,
): pino.Logger => {
  const options: pino.LoggerOptions = {
    level,
    hooks: {
      logMethod(line, method, number) {
        const name = number >= 60 ? 'fatal' : 'error';
        if (number >= 50) failed(failureOf(name, line[0], line[1]));
        method.apply(this, line);
      },
    },
    base: null,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: plain },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, to);
};

/** What a failure says of itself, and nothing that hangs on it: Postgres' `detail` quotes the whole row that it refuses. */
function plain(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: string };
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: plain(cause) }),
  };
}

type Line = Record<string, unknown>;

/**
 * Nest's logger interface on pino. `log.info({ fields }, 'message')` as the code writes it arrives here as (fields, message,
 * context); Nest's own lines as (message, context).
 */
export class NestLogger implements LoggerService {
  constructor(private readonly pinoLog: pino.Logger) {}

  log = (first: unknown, ...rest: unknown[]): void => this.write('info', first, rest);
  error = (first: unknown, ...rest: unknown[]): void => this.write('error', first, rest);
  warn = (first: unknown, ...rest: unknown[]): void => this.write('warn', first, rest);
  debug = (first: unknown, ...rest: unknown[]): void => this.write('debug', first, rest);
  verbose = (first: unknown, ...rest: unknown[]): void => this.write('trace', first, rest);
  fatal = (first: unknown, ...rest: unknown[]): void => this.write('fatal', first, rest);

  private write(level: pino.Level, first: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof first === 'object' && first !== null && !(first instanceof Error)) {
      this.pinoLog[level]({ context, ...(first as Line) }, typeof rest[0] === 'string' ? rest[0] : '');
    } else if (first instanceof Error) this.pinoLog[level]({ context, err: first }, 'failure');
    else this.pinoLog[level]({ context }, String(first));
  }
}
