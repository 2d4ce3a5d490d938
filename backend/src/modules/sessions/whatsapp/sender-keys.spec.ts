import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { SignalDataTypeMap } from '@whiskeysockets/baileys';
import { type KeysBench, openSessionKeys } from '../../../testing/session-keys.ts';
import { SessionKeysRepository } from '../session-keys.repository.ts';
import type { Lease } from '../session-traffic.ts';
import { KeyStore } from './key-store.ts';
import { KeyTransactions } from './key-transactions.ts';
import { SenderKeys } from './sender-keys.ts';

type Memory = SignalDataTypeMap['sender-key-memory'];

const GROUP = '120363041234567890@g.us';
const OWN = ['972541111111:3@s.whatsapp.net', '111111111111111:3@lid'];
const KEY_NAME = `${GROUP}::111111111111111_1::3`;
const NOA = '222222222222222:0@lid';
const OMAR = '333333333333333:0@lid';

let bench: KeysBench<SessionKeysRepository>;
let lease: Lease;
beforeAll(async () => {
  bench = await openSessionKeys(SessionKeysRepository);
});
afterAll(() => bench.close());
beforeEach(async () => {
  lease = await bench.lease();
});

/** As a new connection has them. */
function open(): SenderKeys {
  const store = new KeyStore(bench.keys, lease, () => undefined);
  return new SenderKeys(new KeyTransactions(store, () => false), () => OWN);
}
const holders = async (keys: SenderKeys): Promise<Memory> =>
  (await keys.get('sender-key-memory', [GROUP]))[GROUP] ?? {};

/** As Baileys does: it writes into what it was given, and stores that before the message leaves. */
const sends = (keys: SenderKeys, id: string, ...to: string[]) =>
  keys.during(GROUP, id, async () => {
    const memory = await holders(keys);
    for (const device of to) memory[device] = true;
    await keys.set({ 'sender-key-memory': { [GROUP]: memory } });
  });

it('a device has our key when the server has the message that brought it; until then as far as this connection knows', async () => {
  const keys = open();
  await sends(keys, 'A', NOA);
  expect(await holders(keys)).toEqual({ [NOA]: true });
  expect(await holders(open())).toEqual({});
  await keys.answered('A', true);
  expect(await holders(open())).toEqual({ [NOA]: true });
});

it('what the server did not take brought no key, nor did what was sent after it rely on one', async () => {
  const keys = open();
  await sends(keys, 'A', NOA);
  await keys.answered('A', true);
  await sends(keys, 'B', OMAR);
  await sends(keys, 'C');
  await keys.answered('B', false);
  await keys.answered('C', true);
  expect(await holders(keys)).toEqual({ [NOA]: true });
});

it('what Baileys writes into what it was given is not known before it is stored', async () => {
  const keys = open();
  const memory = await holders(keys);
  memory[OMAR] = true;
  expect(await holders(keys)).toEqual({});
});

it('nobody has the key of a group that somebody has left, and there is none until it is made anew', async () => {
  const keys = open();
  await keys.set({ 'sender-key': { [KEY_NAME]: Buffer.from('key') } });
  await sends(keys, 'A', NOA, OMAR);
  await keys.answered('A', true);
  await sends(keys, 'B');
  await keys.forget(GROUP);
  expect(await holders(keys)).toEqual({});
  expect(await holders(open())).toEqual({});
  expect(await open().get('sender-key', [KEY_NAME])).toEqual({});
  await keys.answered('B', true);
  expect(await holders(open())).toEqual({});
});

it('a key is not forgotten while a message is encrypted with it', async () => {
  const keys = open();
  const order: string[] = [];
  const sending = keys.during(GROUP, 'A', async () => {
    await keys.set({ 'sender-key': { [KEY_NAME]: Buffer.from('key') } });
    order.push('sent');
  });
  const forgetting = keys.forget(GROUP).then(() => order.push('forgotten'));
  await Promise.all([sending, forgetting]);
  expect(order).toEqual(['sent', 'forgotten']);
  expect(await open().get('sender-key', [KEY_NAME])).toEqual({});
});
