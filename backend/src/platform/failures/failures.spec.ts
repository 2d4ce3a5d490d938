import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { Collector } from '../../../../testing/operating/collector.ts';
import { until } from '../../../../testing/until.ts';
import { aConfig } from '../../testing/settings.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { createLog, NestLogger } from '../logging/logger.ts';
import { FailureReports } from './failure-reports.ts';
import { failureSinks } from './sinks.ts';

let collector: Collector;
let clock: TestClock;
let reports: FailureReports;
let log: NestLogger;

beforeEach(async () => {
  collector = await Collector.start();
  clock = new TestClock();
  const settings = {
    ALERTS_SLACK_URL: `http://${collector.host}/slack`,
    SENTRY_DSN: `http://publickey@${collector.host}/42`,
  };
  reports = new FailureReports(failureSinks(aConfig(settings)), clock);
  const written = createLog('error', (failure) => reports.note(failure));
  log = new NestLogger(written);
});
afterEach(() => collector.close());

async function told(path: RegExp): Promise<string[]> {
  await reports.flush();
  return collector.posted.filter((one) => path.test(one.path)).map(({ body }) => body);
}
const slack = () => told(/^\/slack/);
const sentry = () => told(/^\/api\/42\/envelope\//);

/** One failure, always made at the same place. */
const fail = (message = 'keys not written', error: Error = new RangeError('out of range')): void =>
  log.error({ err: error }, message, 'Keys');

it('tells Slack what failed and where', async () => {
  fail();
  const [body = ''] = await slack();
  const { text } = JSON.parse(body) as { text: string };
  expect(text).toMatch(/^Wasel error: keys not written \(Keys\)\nRangeError \S*failures\.spec\.ts:\d+$/);
});

it('tells Sentry in its own words, with the stack', async () => {
  fail();
  const [body = ''] = await sentry();
  const [, header = '{}', event = '{}'] = body.split('\n');
  expect(JSON.parse(header)).toMatchObject({ type: 'event' });
  const { exception, level } = JSON.parse(event) as {
    level: string;
    exception: { values: { type: string; value: string; stacktrace: { frames: { filename: string }[] } }[] };
  };
  const [thrown] = exception.values;
  expect([level, thrown?.type, thrown?.value]).toEqual(['error', 'RangeError', 'keys not written']);
  expect(thrown?.stacktrace.frames.at(-1)?.filename).toContain('failures.spec.ts');
});

it('tells nothing of what anybody wrote, of any number or token, wherever it stands', async () => {
  const secrets = [
    'Shalom, are you open?',
    '+972501234567',
    'eyJhbGciOiJIUzI1NiJ9.payload.signature',
    'dana@example.com',
  ];
  for (const [n, secret] of secrets.entries()) {
    const row = new DatabaseError(`duplicate key: ${secret}`, 1, 'error');
    Object.assign(row, { code: '23505', detail: `Key (phone_number)=(${secret}) exists`, where: secret });
    const outer = Object.assign(new Error(`sending ${secret}`, { cause: row }), { code: secret, text: secret });
    log.error({ err: row, text: secret, jid: secret, request: secret }, `failed ${'x'.repeat(n)} "${secret}"`, secret);
    log.fatal({ err: outer }, `could not send: ${secret}`);
    log.error(`a line of a library: ${secret}`, secret, 'Library');
    log.error(secret, 'Library');
  }
  const all = [...(await slack()), ...(await sentry())].join('\n');
  expect(all).toContain('23505');
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  for (const part of ['972501234567', 'Shalom', 'eyJ', 'dana', 'example.com']) expect(all).not.toContain(part);
});

describe('how often', () => {
  it('the same is told once an hour, and then how often it was', async () => {
    const again = () => fail();
    for (let n = 0; n < 5; n += 1) again();
    expect(await slack()).toHaveLength(1);
    clock.advance(3_600_000);
    again();
    const [, second = ''] = await slack();
    expect(second).toContain('4 more since it was told last');
  });

  it('no more than ten different ones are told in ten minutes', async () => {
    const names = Array.from({ length: 15 }, (_, n) => `failure ${'abcdefghijklmno'[n]}`);
    for (const name of names) fail(name);
    expect(await slack()).toHaveLength(10);
    clock.advance(600_000);
    fail('failure o');
    expect((await slack()).at(-1)).toContain('1 more since it was told last');
  });
});

describe('a collector that misbehaves', () => {
  it.each([500, 302])('is not the cause of a failure: %i', async (status) => {
    collector.status = status;
    fail();
    expect(await slack()).toHaveLength(1);
  });

  it('is not waited for', async () => {
    collector.status = undefined;
    fail();
    await until('it to have been told', () => collector.posted.length === 2);
    fail('another one');
    await until('it to have been told', () => collector.posted.length === 4);
    expect(collector.posted.filter(({ body }) => body.includes('another one'))).toHaveLength(2);
  });

  it('may be away altogether', async () => {
    const away = new FailureReports(failureSinks(aConfig({ ALERTS_SLACK_URL: 'http://127.0.0.1:9/' })), clock);
    away.note({ level: 'fatal', message: 'x', context: undefined, type: undefined, code: undefined, frames: [] });
    await expect(away.flush()).resolves.toBeUndefined();
  });
});

it('is told to nobody where nothing is configured', () => {
  expect(failureSinks(aConfig())).toEqual([]);
});
