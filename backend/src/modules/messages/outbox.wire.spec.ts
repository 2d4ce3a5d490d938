import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { MediaView } from '../media/media.dto.ts';
import { MessageView, SendAccepted } from './messages.dto.ts';

let wire: Wire;
let number: WireNumber;
let customer: string;
beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
  customer = await wire.phones.createPhone();
}, 60_000);
afterAll(() => wire.close());

const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const send = async (text: string, more: object = {}, to = customer) =>
  SendAccepted.parse(
    await wire.api.call('POST', '/messages/send', {
      type: 'text',
      session_id: number.session,
      to: `+${to.replace('+', '')}`,
      text,
      ...more,
    }),
  );
const view = async (id: string) => MessageView.parse(await wire.api.call('GET', `/messages/${id}`));
const arrived = (text: string, at = customer) =>
  until(`"${text}" to arrive`, async () => (await wire.textsOnPhone(at, number)).includes(text));
/** Whatever the clocks say: its time has come. */
const come = (column: 'send_after' | 'expires_at', id: string) =>
  wire.app.database.admin.query(`update private.outbox set ${column} = now() - interval '1 s' where message_id = $1`, [
    id,
  ]);

/** With its number away, so that they wait together. */
async function whileAway(work: () => Promise<unknown>): Promise<void> {
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
  await until('it to rest', async () => (await wire.api.session(number.session)).state === 'disconnected');
  await work();
  await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
  await wire.connected(number.session);
}

describe('what waits', () => {
  it('leaves by its priority, and in its order within one', async () => {
    const before = (await wire.textsOnPhone(customer, number)).length;
    await whileAway(async () => {
      for (const [text, priority] of [
        ['last', 10],
        ['usual 1', undefined],
        ['first', 1],
        ['usual 2', 5],
      ] as const)
        await send(text, { priority });
    });
    await arrived('last');
    expect((await wire.textsOnPhone(customer, number)).slice(before)).toEqual(['first', 'usual 1', 'usual 2', 'last']);
  }, 60_000);

  it('waits for the time that it was scheduled for, and holds nobody up', async () => {
    const later = await send('later', { scheduled_at: hour(1), priority: 1 });
    expect(later.status).toBe('pending');
    const { scheduled_at: at, ...shown } = await view(later.message_id);
    expect(shown).toMatchObject({ status: 'pending', priority: 1, waiting_for: 'scheduled', waiting_until: at });
    await send('now');
    await arrived('now');
    expect(await wire.textsOnPhone(customer, number)).not.toContain('later');
    await come('send_after', later.message_id);
    await arrived('later');
  }, 30_000);

  it('can be taken back before its time', async () => {
    const { message_id: id } = await send('never', { scheduled_at: hour(1) });
    expect(await wire.api.call('POST', `/messages/${id}/cancel`)).toMatchObject({ status: 'cancelled' });
    await send('after never');
    await arrived('after never');
    expect(await wire.textsOnPhone(customer, number)).not.toContain('never');
  }, 30_000);

  it('fails when it has expired, though its number is away', async () => {
    await whileAway(async () => {
      const { message_id: id } = await send('too late', { expires_at: hour(1) });
      await come('expires_at', id);
      await until('it to fail', async () => (await view(id)).status === 'failed');
      expect(await view(id)).toMatchObject({ error_code: 'expired' });
    });
    await send('in time');
    await arrived('in time');
    expect(await wire.textsOnPhone(customer, number)).not.toContain('too late');
  }, 60_000);

  it('is refused when it would expire before its time, or is for the far future', async () => {
    for (const wrong of [{ scheduled_at: hour(2), expires_at: hour(1) }, { scheduled_at: hour(9_000) }])
      await expect(send('wrong', wrong)).rejects.toThrow('422');
  });
});

it('what would wake its person waits until it is day there; others are written to', async () => {
  const clockIn = (zone: string, hours: number) =>
    new Date(Date.now() + hours * 3_600_000).toLocaleTimeString('en-GB', { timeZone: zone, timeStyle: 'short' });
  const decide = (settings: object) => wire.api.call('PATCH', `/sessions/${number.session}`, settings);
  const random = () => String(Date.now()).slice(-8);
  const inTokyo = await wire.phones.createPhone({ phone: `8190${random()}` });
  const inIsrael = await wire.phones.createPhone({ phone: `97250${random().slice(-7)}` });
  const quiet = { from: clockIn('Asia/Tokyo', -1), to: clockIn('Asia/Tokyo', 1), time_zone: 'Asia/Tokyo' };
  await decide({ quiet_hours: quiet, quiet_hours_of: 'recipient' });
  const { message_id: id } = await send('good morning', {}, inTokyo);
  await send('good day', {}, inIsrael);
  await arrived('good day', inIsrael);
  const { status, waiting_for: reason, waiting_until: until_ } = await view(id);
  expect({ status, reason }).toEqual({ status: 'queued', reason: 'recipient_quiet_hours' });
  expect(Date.parse(until_ ?? '') - Date.now()).toBeGreaterThan(55 * 60_000);
  expect(await wire.textsOnPhone(inTokyo, number)).toEqual([]);
  await decide({ quiet_hours: null, quiet_hours_of: 'number' });
  await arrived('good morning', inTokyo);
}, 60_000);

it('what is tried again holds up its own chat alone, and is read in its order', async () => {
  const other = await wire.phones.createPhone();
  const before = (await wire.textsOnPhone(customer, number)).length;
  await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'rate-limit', code: 429, count: 1 });
  const { message_id: refused } = await send('one');
  await until('it to be refused', async () => {
    const { rowCount } = await wire.app.database.admin.query(
      `select from private.outbox where message_id = $1 and attempts = 1 and send_after > '-infinity'`,
      [refused],
    );
    return rowCount === 1;
  });
  await send('two');
  await send('elsewhere', {}, other);
  await arrived('elsewhere', other);
  expect((await wire.textsOnPhone(customer, number)).slice(before)).toEqual([]);
  await come('send_after', refused);
  await arrived('two');
  expect((await wire.textsOnPhone(customer, number)).slice(before)).toEqual(['one', 'two']);
}, 60_000);

it('what was claimed with one that is to be tried again does not overtake it', async () => {
  const before = (await wire.textsOnPhone(customer, number)).length;
  const form = new FormData();
  form.append('file', new Blob(['a price list'], { type: 'text/plain' }), 'prices.txt');
  const { id: file } = MediaView.parse(await wire.api.call('POST', '/media/upload', form));
  let first = '';
  await whileAway(async () => {
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'media-upload-error', count: 1 });
    const document = {
      type: 'document',
      session_id: number.session,
      to: `+${customer}`,
      media_id: file,
      caption: 'the prices',
    };
    first = SendAccepted.parse(await wire.api.call('POST', '/messages/send', document)).message_id;
    await send('as I said');
    await send('elsewhere too', {}, await wire.phones.createPhone());
  });
  await until('the file to be put back', async () => {
    const { rowCount } = await wire.app.database.admin.query(
      `select from private.outbox where message_id = $1 and attempts = 1 and send_after > '-infinity' and claimed_epoch is null`,
      [first],
    );
    return rowCount === 1;
  });
  await come('send_after', first);
  await arrived('as I said');
  expect((await wire.textsOnPhone(customer, number)).slice(before)).toEqual(['the prices', 'as I said']);
}, 60_000);
