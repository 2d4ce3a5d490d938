import type { RequestHandler } from 'express';
import type { Metrics } from './metrics.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Requests of the API by method and class of answer; pages are the dashboard's own. */
export function measureRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    if (!request.url.startsWith('/api/')) return next();
    const done = metrics.httpRequests.startTimer();
    response.once('close', () => {
      const method = METHODS.has(request.method) ? request.method : 'other';
      // An answer that nobody waited for any more is none.
      const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted';
      done({ method, status });
    });
    return next();
  };
}
