/** A small HTTP router: JSON in and out, problems as RFC 9457, and nobody but this machine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type ErrorKind, SandboxError } from '../server/sandbox-error.ts';

/** Files travel as base64 in JSON. */
const MAX_BODY_BYTES = 150 * 1024 * 1024;
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  unavailable: 504,
};

export type Call = Readonly<{
  request: IncomingMessage;
  response: ServerResponse;
  /** Parts of the path that the pattern names, decoded. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** The JSON body; an empty object when there is none. */
  body: unknown;
}>;

/** Answers with what becomes JSON; undefined when the handler has answered by itself. */
export type Handler = (call: Call) => unknown;

type Route = Readonly<{ method: string; pattern: RegExp; handler: Handler }>;

export class Router {
  readonly #routes: Route[] = [];

  /** @param path e.g. `/phones/:phone/read` */
  on(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, handler: Handler): this {
    this.#routes.push({ method, pattern: new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`), handler });
    return this;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      assertLocal(request);
      const url = new URL(request.url ?? '/', 'http://localhost');
      const onPath = this.#routes.filter((route) => route.pattern.test(url.pathname));
      const route = onPath.find(({ method }) => method === request.method);
      if (!route)
        return sendJson(
          response,
          onPath.length > 0 ? 405 : 404,
          problem(onPath.length > 0 ? 405 : 404, 'There is nothing here.'),
        );
      const groups = route.pattern.exec(url.pathname)?.groups ?? {};
      const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
      const result = await route.handler({
        request,
        response,
        params,
        query: Object.fromEntries(url.searchParams),
        body: await readJson(request),
      });
      if (!response.headersSent) sendJson(response, request.method === 'POST' ? 201 : 200, result ?? {});
    } catch (error) {
      fail(response, error);
    }
  }
}

/** @throws SandboxError unless the request names this machine and comes from no foreign page. */
export function assertLocal(request: Pick<IncomingMessage, 'headers'>): void {
  const host = request.headers.host ?? '';
  // A name that an attacker lets point to 127.0.0.1 still shows in the Host header.
  if (!LOOPBACK_NAMES.has(host.replace(/:\d+$/, '')))
    throw new SandboxError('forbidden', 'The sandbox answers this machine only.');
  const { origin } = request.headers;
  if (origin !== undefined && new URL(origin).host !== host)
    throw new SandboxError('forbidden', 'The sandbox does not answer foreign pages.');
}

export function parse<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  return schema.parse(input);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', status >= 400 ? 'application/problem+json' : 'application/json');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new SandboxError('too-large', 'The request is too large.');
    chunks.push(chunk);
  }
  if (size === 0) return {};
  // A form on a foreign page can post text, but not JSON.
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new SandboxError('invalid', 'Send JSON as application/json.');
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new SandboxError('invalid', 'The body is not JSON.', { cause: error });
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new SandboxError('invalid', 'The address is malformed.', { cause: error });
  }
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof z.ZodError) {
    const errors = error.issues.map((issue) => ({ pointer: `#/${issue.path.join('/')}`, detail: issue.message }));
    return sendJson(response, 400, { ...problem(400, 'The request is not valid.'), errors });
  }
  const status = error instanceof SandboxError ? STATUS[error.kind] : 500;
  sendJson(response, status, problem(status, error instanceof Error ? error.message : 'Something went wrong.'));
}

function problem(status: number, detail: string) {
  return { type: 'about:blank', status, detail };
}
