import { randomUUID } from 'node:crypto';
import { StandardSchemaSerializerInterceptor, StandardSchemaValidationPipe } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { Config } from './config/config.ts';
import { EMBEDDED_AUTH_PATH, EmbeddedIssuer } from './modules/auth/embedded-issuer.ts';
import { dashboardProxy } from './platform/http/dashboard-proxy.ts';
import { RequestInvalid } from './platform/http/http.errors.ts';
import { ProblemFilter } from './platform/http/problem.filter.ts';
import { describeApi } from './platform/http/describe-api.ts';
import { logRequests } from './platform/logging/log-requests.ts';

/** Largest JSON body; files go by another way. */
const BODY_LIMIT = '2mb';

/** Everything that happens to a request outside of modules, in order. Call it before `app.init()`. */
export function setUpHttp(app: NestExpressApplication): void {
  const config = app.get(Config);
  app.setGlobalPrefix('api');
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.disable('x-powered-by');
  app.use((request: Request & { id?: string }, response: Response, next: NextFunction) => {
    request.id = randomUUID();
    response.setHeader('x-request-id', request.id);
    next();
  });
  app.use(logRequests());
  app.use(['/api', '/socket.io'], helmet({ crossOriginResourcePolicy: { policy: 'same-site' } }));
  app.enableCors({ origin: [...config.http.allowedOrigins], credentials: true, exposedHeaders: ['x-request-id'] });
  const issuer = app.get(EmbeddedIssuer).handler();
  if (issuer) app.use(EMBEDDED_AUTH_PATH, issuer); // reads bodies itself, so before the parser
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: (issues) => new RequestInvalid(issues) }));
  app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)));
  app.useGlobalFilters(new ProblemFilter());
  describeApi(app);
  if (config.http.dashboardUrl) app.use(dashboardProxy(config.http.dashboardUrl, app.getHttpServer()));
}
