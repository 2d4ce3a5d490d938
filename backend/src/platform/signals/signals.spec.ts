import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chunk } from './signals.ts';

it('fits any number of signals into notifications that Postgres takes, in order and none missing', () => {
  const signals = Array.from({ length: 1_000 }, () => ({ topic: 'outbox' as const, body: { session: randomUUID() } }));
  const payloads = chunk(randomUUID(), signals);
  expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
  expect(payloads.length).toBeLessThan(15);
  expect(payloads.flatMap((payload) => (JSON.parse(payload) as { signals: unknown[] }).signals)).toEqual(signals);
});

it('sends nothing for nothing', () => {
  expect(chunk(randomUUID(), [])).toEqual([]);
});
