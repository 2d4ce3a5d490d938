import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';

const A_MINUTE = 2;

let wire: Wire;
let number: WireNumber;
let neighbour: WireNumber;
let customer: string;

beforeAll(async () => {
  wire = await Wire.start({ settings: { OUTBOX_MAX_PER_MINUTE: String(A_MINUTE), OUTBOX_MIN_GAP_MS: '1' } });
  number = await wire.link('Shop');
  neighbour = await wire.link('Neighbour');
  customer = await wire.phones.createPhone();
}, 90_000);
afterAll(() => wire.close());

const send = (text: string, from = number) => wire.api.send(from.session, `+${customer}`, text);
const arrived = (text: string, from = number) =>
  until(`"${text}" to arrive`, async () => (await wire.textsOnPhone(customer, from)).includes(text));

/** Another connection, by another lease, as after a restart or on another node. */
async function comeBack(meanwhile = async () => {}): Promise<void> {
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
  await until('it to rest', async () => (await wire.api.session(number.session)).state === 'disconnected');
  await meanwhile();
  await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
  await wire.connected(number.session);
}

it('a number that comes back goes on at the pace at which it left, whoever sent before', async () => {
  for (const text of ['one', 'two', 'three']) await send(text);
  await arrived('two');
  await comeBack();
  // What is not held back is there before what the neighbour is asked for only now.
  for (const text of ['first', 'second']) {
    await send(text, neighbour);
    await arrived(text, neighbour);
  }
  expect(await wire.textsOnPhone(customer, number)).toEqual(['one', 'two']);

  await comeBack(async () => {
    const { rowCount } = await wire.app.database.admin.query(
      `update private.session_leases set sent_at = array(select at - interval '1 minute' from unnest(sent_at) at)
        where session_id = $1 and cardinality(sent_at) = $2`,
      [number.session, A_MINUTE],
    );
    expect(rowCount).toBe(1);
  });
  await arrived('three');
}, 90_000);
