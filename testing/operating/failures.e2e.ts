import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ROOT } from '../../scripts/lib/paths.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { Collector } from './collector.ts';
import { HostedCommand } from './hosted-command.ts';

let collector: Collector;
let database: TestDatabase;
let occupant: Server;

beforeAll(async () => {
  [collector, database] = await Promise.all([Collector.start(), createTestDatabase()]);
  occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
});
afterAll(async () => {
  occupant.close();
  await collector.close();
  await database.drop();
});

it('a node that cannot start has told why before it ends', async () => {
  const node = new HostedCommand('node backend/dist/main.js', ROOT, {
    PORT: String((occupant.address() as AddressInfo).port),
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    SESSIONS_MAX: '0',
    ALERTS_SLACK_URL: `http://${collector.host}/slack`,
    SENTRY_DSN: `http://publickey@${collector.host}/42`,
  });
  expect(await node.ended).toBe('exit code 1');
  const told = collector.posted.filter(({ body }) => body.includes('could not start') && body.includes('EADDRINUSE'));
  expect(told.map(({ path }) => path.replace(/\?.*/, '')).toSorted()).toEqual(['/api/42/envelope/', '/slack']);
}, 60_000);
