import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { Command } from '../../scripts/testing/command.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { createEmptyDatabase, type TestDatabase } from '../database.ts';
import type { ApiClient } from '../house/api-client.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { HouseProcess } from '../house/house-process.ts';
import { inOrder } from '../in-order.ts';
import { until } from '../until.ts';

let home: string;
let house: House;
let number: LinkedNumber;
let customer: string;
let second: TestDatabase;
let newNode: HouseProcess;
let newUrl: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wasel-restore-'));
  second = await createEmptyDatabase();
  house = await House.start();
  number = await house.link(await house.register());
  customer = await house.phones.createPhone({ name: 'Customer' });
  const port = await findFreePort();
  newUrl = `http://127.0.0.1:${port}`;
  const env = {
    ...house.node.env,
    PORT: String(port),
    PUBLIC_URL: newUrl,
    DATABASE_URL: second.url,
    MEDIA_DIR: join(home, 'media'),
  };
  newNode = new HouseProcess('restored', 'backend/dist/main.js', env, `${newUrl}/api/health/ready`);
}, 180_000);
afterAll(async () => {
  await newNode.kill('SIGTERM');
  await house.stop();
  await second.drop();
  rmSync(home, { recursive: true });
});

async function run(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: unknown; output: string }> {
  const command = new Command(ROOT, args, env);
  return { code: await command.exit(), output: command.output };
}

/** A message each way, which the other side has read and stored. */
async function chat(api: ApiClient, words: string): Promise<void> {
  await api.send(number.session, `+${customer}`, `out ${words}`);
  await house.phones.send(customer, { to: number.phone, text: `in ${words}` });
  await api.waitForText(number.session, `out ${words}`, ['delivered', 'read']);
  await api.waitForText(number.session, `in ${words}`, ['received']);
}

it('a number goes on in a second house from a backup, without a QR code and with nothing that a phone cannot read', async () => {
  const { api, session, phone } = number;
  for (const words of ['one', 'two', 'three']) await chat(api, words);
  const backup = join(home, 'backup');
  const taken = await run(['backup', backup], house.node.env);
  expect(taken).toEqual({ code: 0, output: expect.stringContaining('The backup is in') });

  const heedless = await run(['restore', backup], newNode.env);
  expect(heedless).toEqual({ code: 1, output: expect.stringContaining('--old-house-is-stopped') });
  const restored = await run(['restore', backup, '--retire', house.databaseUrl], newNode.env);
  expect(restored).toEqual({ code: 0, output: expect.stringContaining('1 numbers taken from') });
  await newNode.start();

  api.url = newUrl;
  await api.renewToken(); // whoever was signed in still is
  await until('the number to be connected again', async () => (await api.session(session)).state === 'connected', {
    timeoutMs: 60_000,
  });
  for (const words of ['four', 'five']) await chat(api, words);

  const texts = (await house.phones.messages(customer, phone)).flatMap((one) =>
    one.direction === 'in' ? [one.text ?? ''] : [],
  );
  expect(inOrder(texts)).toEqual(inOrder(['one', 'two', 'three', 'four', 'five'].map((words) => `out ${words}`)));
  expect((await api.messages(session)).length).toBe(10);
  expect(await house.phones.stats()).toMatchObject({ undecryptable: 0, duplicates: 0 });
}, 180_000);

it('the first house, which ran all the time, has let go of it and does not come back', async () => {
  const { api, session } = number;
  api.url = house.urls[0] ?? '';
  await api.renewToken();
  expect(await api.session(session)).toMatchObject({ state: 'disconnected', reason: 'stopped' });
  expect(house.node.isRunning).toBe(true);
  await house.crash(house.node);
  expect(await api.session(session)).toMatchObject({ state: 'disconnected', reason: 'stopped' });

  api.url = newUrl;
  await api.renewToken();
  expect(await api.session(session)).toMatchObject({ state: 'connected', attempts: 0 });
  await chat(api, 'six');
  expect((await house.phones.stats()).undecryptable).toBe(0);
}, 120_000);
