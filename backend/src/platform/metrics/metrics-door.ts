import { createHash, timingSafeEqual } from 'node:crypto';
import { NotFoundException } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { sendProblem } from '../http/problem.filter.ts';
import type { HouseGauges } from './house-gauges.ts';
import type { Metrics } from './metrics.ts';

const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Answers whoever knows the token; to everybody else, and where no token is set, there is nothing here. */
export function metricsDoor(token: string | undefined, metrics: Metrics, house: HouseGauges): RequestHandler {
  const expected = token === undefined ? undefined : hashed(`Bearer ${token}`);
  return (request, response) => {
    const given = hashed(request.headers.authorization ?? '');
    if (request.method !== 'GET' || expected === undefined || !timingSafeEqual(expected, given)) {
      return sendProblem(new NotFoundException(), request, response);
    }
    void house
      .read()
      .then(() => metrics.registry.metrics())
      .then(
        (text) => response.type(metrics.registry.contentType).setHeader('cache-control', 'no-store').send(text),
        () => response.sendStatus(500),
      );
  };
}
