import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { House } from '../house/house.ts';
import { until } from '../until.ts';

const directory = mkdtempSync(join(tmpdir(), 'wasel-live-'));
const file = join(directory, 'seen');
const witness = pathToFileURL(join(import.meta.dirname, '../house/witness.mjs')).href;

let house: House;
beforeAll(async () => {
  house = await House.start({ live: true, env: { NODE_OPTIONS: `--import=${witness}`, WITNESS_FILE: file } });
}, 120_000);
afterAll(async () => {
  await house.stop();
  rmSync(directory, { recursive: true });
});

const seen = (what: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));

it('asks WhatsApp alone for a number, believes WhatsApp alone, and has nothing of the sandbox in it', async () => {
  const api = await house.register();
  await api.call('POST', '/sessions/create', { name: 'Shop' });
  await until('the node to look for WhatsApp', async () => seen('asked').includes('web.whatsapp.com'));
  await house.node.kill('SIGTERM');

  expect([...new Set(seen('asked'))].filter((host) => host !== '127.0.0.1')).toEqual(['web.whatsapp.com']);
  expect(seen('believes')).toEqual([Buffer.from(WA_CERT_DETAILS.PUBLIC_KEY).toString('hex')]);
  const loaded = seen('loaded');
  expect(loaded.filter((path) => path.includes('backend/dist/'))).not.toEqual([]);
  expect(loaded.filter((path) => /[\\/]sandbox[\\/]|@wasel[\\/]sandbox/.test(path))).toEqual([]);
  expect(loaded.filter((path) => /@sentry|@opentelemetry[\\/](sdk|exporter|otlp)/.test(path))).toEqual([]); // what is not configured is not loaded
}, 60_000);
