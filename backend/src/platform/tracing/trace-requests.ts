import type { Request, RequestHandler } from 'express';
import type { Tracing } from './tracing.ts';

/** A request as the guard leaves it. */
type Answered = Request & { id?: string; caller?: { organization?: string }; route?: { path?: string } };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * One span for each request of the API. It is named by the route and never by the path, which may hold what people typed. A
 * trace begins here: anybody may call, so nobody is believed who says that he has begun one.
 */
export function traceRequests(tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    if (!tracing.on || !request.url.startsWith('/api/') || request.url.startsWith('/api/health')) return next();
    const span = tracing.begin(request.method, 'server', { 'http.request.method': request.method });
    response.once('close', () => {
      const answered = request as Answered;
      const route = answered.route?.path;
      if (route !== undefined) span.rename(`${request.method} ${route}`);
      span.set({
        'http.route': route,
        'http.response.status_code': response.statusCode,
        'wasel.request.id': answered.id,
        'wasel.organization.id': answered.caller?.organization,
        'wasel.session.id': sessionOf(answered, route),
      });
      if (!response.writableFinished) span.end('aborted');
      else span.end(response.statusCode >= 500 ? String(response.statusCode) : undefined);
    });
    return span.within(next);
  };
}

function sessionOf(request: Answered, route: string | undefined): string | undefined {
  const body = request.body as { session_id?: unknown } | undefined;
  const named = [
    route?.startsWith('/api/sessions/') ? request.params['id'] : undefined,
    request.query['session_id'],
    body?.session_id,
  ];
  return named.find((one): one is string => typeof one === 'string' && UUID.test(one));
}
