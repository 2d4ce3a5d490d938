import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BufferJSON, type SignalDataTypeMap } from '@whiskeysockets/baileys';
import pg from 'pg';
import { loadConfig } from '../../backend/src/config/config.ts';
import { placeOf } from '../../backend/src/modules/sessions/session-keys.repository.ts';
import { Sealer } from '../../backend/src/platform/encryption/sealer.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { until } from '../until.ts';

/** Shorter secrets could stand in a log by chance. */
const SECRET_BYTES_MIN = 16;

let house: House;
let number: LinkedNumber;
beforeAll(async () => {
  house = await House.start({ env: { LOG_LEVEL: 'debug' } });
  number = await house.link(await house.register());
}, 120_000);
afterAll(() => house.stop());

type Row = { organization_id: string; session_id: string; type: string; id: string; key_id: string; sealed: Buffer };

/** Every secret of every number, opened: all bytes and all text of it that could be a key; and how many sessions replaced another. */
async function numbersSecrets(): Promise<{ keys: Buffer[]; replaced: number }> {
  const sealer = new Sealer(loadConfig(house.node.env));
  const client = new pg.Client({ connectionString: house.databaseUrl });
  await client.connect();
  await client.query('set role app_system');
  const { rows } = await client.query<Row>('select * from private.session_keys');
  await client.end();
  const found: Buffer[] = [];
  let replaced = 0;
  for (const row of rows) {
    const place = placeOf({ organization: row.organization_id, session: row.session_id }, row.type, row.id);
    const plain = sealer.open({ keyId: row.key_id, sealed: row.sealed }, place);
    if (row.type === ('app-state-sync-key' satisfies keyof SignalDataTypeMap)) {
      found.push(plain);
      continue;
    }
    const value: unknown = JSON.parse(plain.toString(), BufferJSON.reviver);
    if (row.type === 'session') {
      const { _sessions: sessions } = value as { _sessions: object };
      if (Object.keys(sessions).length > 1) replaced += 1;
    }
    collect(value, found);
  }
  return { keys: found.filter((secret) => secret.length >= SECRET_BYTES_MIN), replaced };
}

/** libsignal keeps keys as base64, Baileys as bytes. */
function collect(value: unknown, into: Buffer[]): void {
  if (Buffer.isBuffer(value)) into.push(value);
  else if (typeof value === 'string') {
    if (/^[\w+/]{22,}={0,2}$/.test(value)) into.push(Buffer.from(value, 'base64'));
  } else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      collect(name, into);
      collect(inner, into);
    }
}

/** How bytes look when somebody prints them; `console.log` shows a buffer's bytes in hex with spaces between. */
function printsOf(secret: Buffer): string[] {
  const beginning = secret.subarray(0, SECRET_BYTES_MIN);
  const base64 = beginning.toString('base64').slice(0, 20);
  return [
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    beginning.toString('hex'),
    beginning.toString('hex').replaceAll(/..(?=.)/g, '$& '),
    [...beginning].join(','),
    [...beginning].join(', '),
  ];
}

it('never writes a key, a token or what people said, whatever happens to a number', async () => {
  const { api, session, phone } = number;
  const said: string[] = [];
  const say = (text: string): string => {
    said.push(text);
    return text;
  };
  const qr = (await api.createSession('Another')).link.qr ?? '';

  // What a customer writes first arrives when the number has written first itself: one session replaces the other, and
  // libsignal prints both.
  for (let n = 1; n <= 5; n += 1) {
    const customer = await house.phones.createPhone({ name: `Customer ${n}` });
    const [question, answer] = [say(`the question of customer ${n}`), say(`the answer to customer ${n}`)];
    await house.phones.call('POST', '/faults', { target: phone, kind: 'reorder', count: 1 });
    await Promise.all([
      house.phones.send(customer, { to: phone, text: question, id: `3A${n}0123456789ABCDEF` }),
      api.send(session, `+${customer}`, answer),
    ]);
    await api.waitForText(session, question, ['received']);
    await api.waitForText(session, answer, ['delivered', 'read']);
  }
  const customer = await house.phones.createPhone({ name: 'Maya' });
  await house.phones.call('POST', '/faults', { target: phone, kind: 'duplicate', count: 3 });
  for (let n = 1; n <= 3; n += 1) {
    const text = say(`what is said twice ${n}`);
    await house.phones.send(customer, { to: phone, text, id: `3AF${n}0123456789ABCDE` });
    await api.waitForText(session, text, ['received']);
  }
  await house.phones.call('POST', '/faults', { target: phone, kind: 'rate-limit', code: 463, count: 1 });
  const refused = say('what WhatsApp does not take');
  await api.send(session, `+${customer}`, refused);
  await api.waitForText(session, refused, ['failed']);
  const unaddressed = { type: 'text', session_id: session, to: 'nobody', text: say('what is addressed to nobody') };
  await expect(api.call('POST', '/messages/send', unaddressed)).rejects.toThrow('422');
  await house.phones.call('POST', '/faults', { target: phone, kind: 'drop-socket' });
  await house.crashPostgres();
  const late = say('said after the crash');
  await api.send(session, `+${customer}`, late);
  await api.waitForText(session, late, ['delivered', 'read']);

  const { keys, replaced } = await numbersSecrets();
  const { ENCRYPTION_KEYS = '', AUTH_SECRET = '', DATABASE_URL = '' } = house.node.env;
  const others = [
    ...said,
    qr,
    api.password,
    await api.renewToken(),
    ...api.cookies.map(({ value }) => value),
    ENCRYPTION_KEYS.split(':')[1] ?? '',
    AUTH_SECRET,
    new URL(DATABASE_URL).password,
  ];
  expect(keys.length).toBeGreaterThan(100);
  expect(replaced).toBeGreaterThan(0);
  expect(Math.min(...others.map((secret) => secret.length))).toBeGreaterThan(8);
  await house.node.kill('SIGTERM');
  const output = await until('the last line', async () => house.node.output.includes('stopping') && house.node.output);
  expect(output).toContain('listening');
  expect(output.split('\n').filter((line) => line.includes('baileys:'))).not.toEqual([]); // debug lines are there
  for (const line of output.split('\n').filter(Boolean)) expect(() => void JSON.parse(line)).not.toThrow();
  expect(others.filter((secret) => output.includes(secret))).toEqual([]);
  expect(keys.filter((secret) => printsOf(secret).some((print) => output.includes(print)))).toEqual([]);
}, 180_000);
