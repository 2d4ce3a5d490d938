import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError, type ErrorKind } from '../../kernel/domain-error.ts';
import type { Problem } from '../../kernel/problem.ts';
import { DatabaseAway, TextNotStorable } from './http.errors.ts';

const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  unauthenticated: 401,
  'payment-required': 402,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  limit: 429,
  unavailable: 503,
};

const log = new Logger('ProblemFilter');

@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<Request>(), http.getResponse<Response>());
  }
}

/** The one place where a failure becomes bytes: RFC 9457, `application/problem+json`. A bug says nothing but its request's id. */
export function sendProblem(error: unknown, request: Request & { id?: string }, response: Response): void {
  const problem = { ...toProblem(error), ...(request.id ? { request_id: request.id } : {}) };
  if (problem.status >= 500) log.error({ request: request.id, err: error }, 'request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retryAfter: unknown = Object.entries(problem).find(([name]) => name === 'retry_after_seconds')?.[1];
  if (typeof retryAfter === 'number') response.setHeader('retry-after', retryAfter);
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) {
    const { code, title, detail, facts, kind } = error;
    return { ...facts, type: `/problems/${code}`, code, title, status: STATUS[kind], detail };
  }
  if (saidBy(error, isAway)) return toProblem(new DatabaseAway());
  if (saidBy(error, isNul)) return toProblem(new TextNotStorable());
  // What Nest, Express and the body parser throw; their messages speak of our inside, their status does not.
  const status = statusOf(error);
  const code = (STATUS_CODES[status] ?? 'error').toLowerCase().replaceAll(/\W+/g, '_');
  return { type: 'about:blank', code, title: STATUS_CODES[status] ?? 'Error', status };
}

/** Postgres' codes of class 08, its start and stop (57P0x), no connection left (53300); the socket's own; Prisma's for these. */
const AWAY_CODE = /^(08...|57P0[123]|53300|ECONN(REFUSED|RESET)|P10(01|02|08|17))$/;

/** What node-postgres says without a code (`lib/client.js`, `pg-pool/index.js`), and Prisma when no connection came free. */
const AWAY_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Transaction API error: Unable to start)/;

/** Postgres keeps no NUL: in a text (22021), nor in a JSON (22P05). Prisma says it in its own words. */
const isNul = ({ code, message }: Said): boolean =>
  code === '22021' || code === '22P05' || /invalid byte sequence for encoding "UTF8": 0x00/.test(message);

const isAway = ({ code, message }: Said): boolean => AWAY_CODE.test(code) || AWAY_MESSAGE.test(message);

type Said = Readonly<{ code: string; message: string }>;

/** Whether an error, or one that caused it, says so. */
function saidBy(error: unknown, says: (said: Said) => boolean): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  const said = { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' };
  return says(said) || (cause !== error && saidBy(cause, says));
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { status, expose } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: unknown;
    expose?: unknown;
  };
  return expose === true && typeof status === 'number' ? status : 500;
}
