import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { NotFoundException, StandardSchemaSerializerInterceptor, StandardSchemaValidationPipe } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { Config } from './config/config.ts';
import { EMBEDDED_AUTH_PATH, EmbeddedIssuer } from './modules/auth/embedded-issuer.ts';
import { issuerDoor } from './modules/auth/issuer-door.ts';
import { RequestLimits } from './modules/auth/request-limits.ts';
import { tellClientAddress } from './platform/http/client-address.ts';
import { dashboardProxy } from './platform/http/dashboard-proxy.ts';
import { webhookDescriptions } from './modules/webhooks/webhook-descriptions.ts';
import { describeApi } from './platform/http/describe-api.ts';
import { RequestInvalid } from './platform/http/http.errors.ts';
import { problemPages } from './platform/http/problem-pages.ts';
import { HouseGauges } from './platform/metrics/house-gauges.ts';
import { measureRequests } from './platform/metrics/measure-requests.ts';
import { metricsDoor } from './platform/metrics/metrics-door.ts';
import { Metrics } from './platform/metrics/metrics.ts';
import { ProblemFilter, sendProblem } from './platform/http/problem.filter.ts';
import { answerUnparsable } from './platform/http/unparsable-requests.ts';
import { logRequests } from './platform/logging/log-requests.ts';
import { traceRequests } from './platform/tracing/trace-requests.ts';
import { Tracing } from './platform/tracing/tracing.ts';
import { PROBLEMS } from './problem-catalogue.ts';

/** Largest JSON body; files go by another way. */
const BODY_LIMIT = '2mb';
/** … and of many messages at once. */
const BULK_PATH = '/api/messages/send-bulk';
const BULK_LIMIT = '16mb';

/** Longer than proxies keep a line that is idle: one that we close first, just when it is used again, is a 502 to somebody. */
const KEEP_ALIVE_MS = 75_000;

/** What a dashboard of another origin may read. */
const EXPOSED_HEADERS = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after'];

/** What Nest and Socket.IO answer, down to what they do not find. */
const ANSWERED = /^\/(api|socket\.io)(\/|\?|$)/;

/** Everything that happens to a request outside of modules, in order. Call it before `app.init()`. */
export function setUpHttp(app: NestExpressApplication): void {
  const config = app.get(Config);
  app.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
  answerUnparsable(app.getHttpServer());
  app.setGlobalPrefix('api');
  app.set('trust proxy', [...config.http.trustedProxies]);
  app.disable('x-powered-by');
  app.use((request: Request & { id?: string }, response: Response, next: NextFunction) => {
    request.id = randomUUID();
    response.setHeader('x-request-id', request.id);
    next();
  });
  app.use(tellClientAddress(config.http));
  app.use(logRequests());
  app.use(traceRequests(app.get(Tracing)));
  app.use(measureRequests(app.get(Metrics)));
  app.use(['/api', '/socket.io', '/problems'], helmet(headers(config)));
  app.enableCors({ origin: [...config.http.allowedOrigins], credentials: true, exposedHeaders: EXPOSED_HEADERS });
  const issuer = app.get(EmbeddedIssuer).handler();
  if (issuer) app.use(EMBEDDED_AUTH_PATH, ...issuerDoor(app.get(RequestLimits)), issuer);
  const isBulk = ({ url = '', headers: { 'content-type': type = '' } }: IncomingMessage) =>
    url.split('?', 1)[0] === BULK_PATH && /^application\/json\b/i.test(type);
  app.useBodyParser('json', { limit: BULK_LIMIT, type: isBulk });
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: (issues) => new RequestInvalid(issues) }));
  app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)));
  app.useGlobalFilters(new ProblemFilter());
  describeApi(app, webhookDescriptions());
  app.use('/problems', problemPages(PROBLEMS));
  app.use('/metrics', metricsDoor(config.metrics.token, app.get(Metrics), app.get(HouseGauges)));
  if (config.http.dashboardUrl) app.use(dashboardProxy(config.http.dashboardUrl, app.getHttpServer()));
  app.use((request: Request, response: Response, next: NextFunction) =>
    ANSWERED.test(request.url) ? next() : sendProblem(new NotFoundException(), request, response),
  );
}

/** Pages of the API load nothing from elsewhere. Only where browsers come by https are they told to insist on it. */
const headers = ({ http: { publicUrl } }: Config): HelmetOptions => ({
  crossOriginResourcePolicy: { policy: 'same-site' },
  contentSecurityPolicy: {
    directives: {
      fontSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      upgradeInsecureRequests: publicUrl?.startsWith('https:') ? [] : null,
    },
  },
});
