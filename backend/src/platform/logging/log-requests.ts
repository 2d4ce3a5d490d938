import { Logger } from '@nestjs/common';
import type { RequestHandler } from 'express';

const log = new Logger('Http');

/** Asked so often, and so cheap, that a line each would hide the others. */
const QUIET = /^\/(api\/health|_next\/|socket\.io)/;

/** One line per request, when its answer is sent. Paths are logged without their query: it may hold a signature. */
export function logRequests(): RequestHandler {
  return (request, response, next) => {
    if (QUIET.test(request.url)) return next();
    const startedAt = performance.now();
    response.once('close', () => {
      const { method } = request;
      const [path] = request.originalUrl.split('?');
      log.debug(
        {
          request: (request as { id?: string }).id,
          method,
          path,
          status: response.statusCode,
          tookMs: Math.round(performance.now() - startedAt),
        },
        'request',
      );
    });
    return next();
  };
}
