import { UnsupportedMediaTypeException } from '@nestjs/common';
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { sendProblem } from '../../platform/http/problem.filter.ts';
import type { RequestLimits } from './request-limits.ts';

/** Addresses and passwords are short. */
const BODY_LIMIT = '16kb';

/** A browser that asks with a session cookie is somebody, unless the answer says otherwise; the cookie is signed. */
const SESSION_COOKIE = /(^|; )(__Secure-)?wasel\.session_token=/;

/**
 * What stands before the embedded issuer: bodies are read here, as JSON and of a decent size; strangers are counted by
 * address, and attempts to sign in by account as well.
 */
export function issuerDoor(limits: RequestLimits): RequestHandler[] {
  return [
    onlyJson,
    json({ limit: BODY_LIMIT }),
    (request, response, next) => void count(limits, request, response, next),
  ];
}

/** In another encoding a body would pass by unread, and the account in it uncounted. */
function onlyJson(request: Request, response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json'))
    return sendProblem(new UnsupportedMediaTypeException(), request, response);
  next();
}

async function count(limits: RequestLimits, request: Request, response: Response, next: NextFunction): Promise<void> {
  try {
    const known = request.method === 'GET' && SESSION_COOKIE.test(request.headers.cookie ?? '');
    if (!known) await limits.unauthenticated(request, response);
    if (/^\/sign-in\//i.test(request.path)) {
      const forgive = await limits.signIn(request, accountIn(request.body));
      response.once('finish', () => void (response.statusCode < 400 && forgive().catch(() => undefined)));
    } else if (known)
      response.once(
        'finish',
        () => void (response.statusCode >= 400 && limits.unauthenticated(request).catch(() => undefined)),
      );
    next();
  } catch (error) {
    sendProblem(error, request, response);
  }
}

/** As the issuer looks it up: whatever is no text is nobody's. */
function accountIn(body: unknown): string {
  const { email } = (typeof body === 'object' && body !== null ? body : {}) as { email?: unknown };
  return typeof email === 'string' ? email.trim().toLowerCase().slice(0, 320) : '';
}
