import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { io } from 'socket.io-client';
import { z } from 'zod';
import { ROOT } from '../../scripts/lib/paths.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { describeProcess } from '../../scripts/lib/processes.ts';
import { createEmptyDatabase, type TestDatabase } from '../database.ts';
import { ApiClient } from '../house/api-client.ts';
import { until } from '../until.ts';
import { CleanClone } from './clean-clone.ts';
import { HostedCommand } from './hosted-command.ts';

/** As https://railway.com/railway.schema.json has it. */
const RailwayJson = z.object({
  build: z.object({ buildCommand: z.string() }),
  deploy: z.object({
    startCommand: z.string(),
    healthcheckPath: z.string(),
    healthcheckTimeout: z.number(),
    drainingSeconds: z.number(),
  }),
});

const { build, deploy } = RailwayJson.parse(JSON.parse(readFileSync(join(ROOT, 'railway.json'), 'utf8')));

let clone: CleanClone;
let database: TestDatabase;
let url: string;
let env: Record<string, string>;
let running: HostedCommand | undefined;

beforeAll(async () => {
  database = await createEmptyDatabase();
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1', // a test is not for the neighbours
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    AUTH_SECRET: randomBytes(32).toString('hex'),
  };
  clone = new CleanClone();
}, 60_000);
afterAll(async () => {
  await running?.kill();
  clone.remove();
  await database.drop();
}, 120_000); // many files

async function start(): Promise<HostedCommand> {
  running = new HostedCommand(deploy.startCommand, clone.directory, env);
  await until(
    `${deploy.healthcheckPath} to answer 200`,
    async () => {
      if (running?.outcome !== undefined) throw new Error(`It ended (${running.outcome}):\n${running.output}`);
      return (await fetch(url + deploy.healthcheckPath)).status === 200;
    },
    { timeoutMs: deploy.healthcheckTimeout * 1000 },
  );
  return running;
}

describe('the commands of railway.json, on a clean clone in production', () => {
  it('build it, and leave in the checkout nothing that is not ignored', async () => {
    const command = new HostedCommand(build.buildCommand, clone.directory, { NODE_ENV: 'production' });
    expect([await command.ended, command.output]).toEqual(['exit code 0', expect.stringContaining('Dashboard built')]);
    expect(clone.changes()).toBe('');
  }, 240_000);

  it('start it on an empty database as a role that is no superuser and bypasses no row security', async () => {
    const { output } = await start();
    expect(output).toContain('applied 20261121000100_tenancy');
    expect(output).toContain('MEDIA_DIR is not set: a deploy loses the files');
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    const { rows } = await admin.query(
      `select distinct usename, usesuper, usebypassrls from pg_stat_activity join pg_user using (usename)
        where datname = current_database() and application_name like 'wasel%'`,
    );
    await admin.end();
    expect(rows).toEqual([{ usename: 'wasel', usesuper: false, usebypassrls: false }]);
  }, 120_000);
});

describe('its one port', () => {
  it('answers the health checks', async () => {
    expect(await (await fetch(`${url}/api/health/ready`)).json()).toMatchObject({ status: 'ready' });
    expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ status: 'ok' });
  });

  it('serves the dashboard, with the files that its pages name', async () => {
    const page = await fetch(`${url}/sign-in`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const [script] = /\/_next\/static\/[^"]+\.js/.exec(await page.text()) ?? [];
    expect((await fetch(url + script)).headers.get('content-type')).toMatch(/javascript/);
  });

  it('serves the API and the upgrade of Socket.IO to whoever signed up there', async () => {
    const api = await new ApiClient(url).register();
    expect(await api.call('GET', '/sessions')).toEqual({ items: [], next_cursor: null });

    const socket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      auth: { token: api.token, organization_id: api.organization },
    });
    const told = await new Promise((resolve, reject) => {
      socket.once('live.ready', resolve).once('connect_error', reject);
    });
    socket.close();
    expect(told).toEqual({ cursor: expect.any(String) });
  });
});

describe('a deploy that follows', () => {
  it('ends the one before within the draining time, with nothing left of it', async () => {
    const parts = running?.children ?? [];
    expect(parts.length).toBeGreaterThanOrEqual(2); // the backend, the dashboard, and whatever they need
    const startedAt = performance.now();
    running?.terminate();
    expect(await running?.ended).toBe('exit code 0');
    expect(performance.now() - startedAt).toBeLessThan(deploy.drainingSeconds * 1000);
    expect(parts.flatMap((pid) => describeProcess(pid) ?? [])).toEqual([]);
  }, 60_000);

  it('goes on with the same database, and may be replaced while it has only just started', async () => {
    const after = await start();
    expect(after.output).not.toContain('applied ');
    after.terminate();
    expect(await after.ended).toBe('exit code 0');
  }, 120_000);

  it('ends at once when its settings are wrong, and says which', async () => {
    const command = new HostedCommand(deploy.startCommand, clone.directory, { ...env, ENCRYPTION_KEYS: '' });
    expect(await command.ended).toBe('exit code 1');
    expect(command.output).toContain('ENCRYPTION_KEYS');
  }, 60_000);

  it('gets no traffic while it cannot reach its database', async () => {
    const away = new URL(database.url);
    away.port = String(await findFreePort());
    const command = new HostedCommand(deploy.startCommand, clone.directory, { ...env, DATABASE_URL: away.href });
    expect(await command.ended).toBe('exit code 1');
    expect(command.output).toContain('ECONNREFUSED');
  }, 60_000);
});
