import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Clock, SystemClock } from '../../kernel/clock.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { ConversationPage } from '../conversations/conversations.dto.ts';
import { SessionHealth } from './sessions.dto.ts';

/** Runs as time does, from another moment: the end of a night can be waited for. */
class ShiftedClock extends SystemClock {
  byMs = 0;
  override now(): Date {
    return new Date(Date.now() + this.byMs);
  }
}
type Call = { id: string; from: string; state: string };

const clock = new ShiftedClock();
const MINUTE_MS = 60_000;
let wire: Wire;
let number: WireNumber;

beforeAll(async () => {
  wire = await Wire.start({ override: (testing) => testing.overrideProvider(Clock).useValue(clock) });
  number = await wire.link();
}, 60_000);
afterAll(() => wire.close());

const decide = (changes: object) => wire.api.call('PATCH', `/sessions/${number.session}`, changes);
const health = async () => SessionHealth.parse(await wire.api.call('GET', `/sessions/${number.session}/health`));
const messageOf = async (text: string) => (await wire.api.messages(number.session)).find((one) => one.text === text);
const time = (at: Date) => at.toISOString().slice(11, 16);

describe('calls', () => {
  const TEXT = 'We take no calls here. Please write.';
  const call = (from: string, body: object = {}) =>
    wire.phones.call<Call>('POST', `/phones/${from}/calls`, { to: number.phone, ...body });
  const callsOf = (from: string) => wire.phones.call<Call[]>('GET', `/phones/${from}/calls`);
  const state = async (from: string, { id }: Call) => (await callsOf(from)).find((one) => one.id === id)?.state;
  /** The node that runs the number hears of a decision a moment after it was made. */
  const heardOf = (shows: () => Promise<boolean>) => until('the number to behave as was decided', shows);
  const rejected = (from: string, one: Call) =>
    until('the call to be rejected', async () => (await state(from, one)) === 'rejected');

  it('ring where nobody decided otherwise, and are rejected where somebody did', async () => {
    const customer = await wire.phones.createPhone();
    const [before, marker] = [await call(customer), 'heard after the call'];
    await wire.phones.send(customer, { to: number.phone, text: marker });
    await wire.api.waitForText(number.session, marker, ['received']);
    expect(await state(customer, before)).toBe('ringing');

    await decide({ reject_calls: true });
    await heardOf(async () => {
      await call(customer);
      return (await callsOf(customer)).some((one) => one.state === 'rejected');
    });
    const after = await call(customer, { video: true });
    await rejected(customer, after);
    expect(await wire.textsOnPhone(customer, number)).toEqual([]);
  });

  it('are answered with a text that goes the way of all messages, once an hour to the same caller', async () => {
    await decide({ reject_calls: true, reject_calls_text: TEXT });
    const [probe, noa, omar] = [
      await wire.phones.createPhone(),
      await wire.phones.createPhone(),
      await wire.phones.createPhone(),
    ];
    await heardOf(async () => {
      await call(probe);
      return (await wire.textsOnPhone(probe, number)).length > 0;
    });
    for (const customer of [noa, noa, omar]) await rejected(customer, await call(customer));
    for (const customer of [noa, omar]) {
      await until('the answer', async () => (await wire.textsOnPhone(customer, number)).length > 0);
      expect(await wire.textsOnPhone(customer, number)).toEqual([TEXT]);
    }
    expect((await wire.api.messages(number.session)).filter(({ text }) => text === TEXT)).toHaveLength(3);
    clock.byMs += 60 * MINUTE_MS;
    await rejected(noa, await call(noa));
    await until('the next answer', async () => (await wire.textsOnPhone(noa, number)).length === 2);
    clock.byMs = 0;
    await decide({ reject_calls: false });
  });
});

describe('quiet hours', () => {
  const around = (now: Date) => ({
    from: time(new Date(now.getTime() - 60 * MINUTE_MS)),
    to: time(new Date(now.getTime() + 60 * MINUTE_MS)),
    time_zone: 'UTC',
  });

  it('hold a message back and say until when; it leaves when a person ends them', async () => {
    const customer = await wire.phones.createPhone();
    const quiet_hours = around(new Date());
    await decide({ quiet_hours });
    await wire.api.send(number.session, `+${customer}`, 'in the night');
    await wire.phones.send(customer, { to: number.phone, text: 'heard meanwhile' });
    await wire.api.waitForText(number.session, 'heard meanwhile', ['received']);
    const held = await messageOf('in the night');
    expect(held).toMatchObject({ status: 'queued', waiting_for: 'quiet_hours' });
    expect(held?.waiting_until?.slice(11, 16)).toBe(quiet_hours.to);
    expect(await health()).toMatchObject({ queued: 1, quiet_until: held?.waiting_until });
    expect(await wire.textsOnPhone(customer, number)).toEqual([]);

    await decide({ quiet_hours: null });
    await wire.api.waitForText(number.session, 'in the night', ['delivered']);
    expect(await messageOf('in the night')).toMatchObject({ waiting_for: null, waiting_until: null });
    expect(await wire.textsOnPhone(customer, number)).toEqual(['in the night']);
  });

  it('end by themselves', async () => {
    const customer = await wire.phones.createPhone();
    const now = Date.now();
    const end = Math.ceil(now / MINUTE_MS) * MINUTE_MS + 60 * MINUTE_MS;
    clock.byMs = end - 4_000 - now;
    await decide({
      quiet_hours: { from: time(new Date(end - 2 * 60 * MINUTE_MS)), to: time(new Date(end)), time_zone: 'UTC' },
    });
    await wire.api.send(number.session, `+${customer}`, 'at dawn');
    expect(await messageOf('at dawn')).toMatchObject({ waiting_for: 'quiet_hours' });
    await wire.api.waitForText(number.session, 'at dawn', ['delivered']);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(end);
    await decide({ quiet_hours: null });
    clock.byMs = 0;
  });
});

describe('the health of a number', () => {
  it('tells what it heard and said, what waits, and how often it came back', async () => {
    const customer = await wire.phones.createPhone();
    const before = await health();
    await wire.phones.send(customer, { to: number.phone, text: 'how are you?' });
    await wire.api.waitForText(number.session, 'how are you?', ['received']);
    await wire.api.send(number.session, `+${customer}`, 'very well');
    await wire.api.waitForText(number.session, 'very well', ['delivered']);
    const { today, ...now } = await health();
    expect(now).toMatchObject({ state: 'connected', reason: null, queued: 0, quiet_until: null });
    expect(now.state_since).toBe(before.state_since);
    expect(Date.parse(now.last_received_at ?? '')).toBeGreaterThan(Date.now() - MINUTE_MS);
    expect(Date.parse(now.last_sent_at ?? '')).toBeGreaterThan(Date.now() - MINUTE_MS);
    expect(today).toEqual({ ...before.today, received: before.today.received + 1, stored: before.today.stored + 1 });

    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    const again = await until('it to have come back', async () => {
      const found = await health();
      return found.state === 'connected' && found.today.reconnects > today.reconnects && found;
    });
    expect(again.today.reconnects).toBe(today.reconnects + 1);
    expect(again.last_error).toMatchObject({ reason: 'network' });
    expect(Date.parse(again.state_since)).toBeGreaterThan(Date.parse(now.state_since));
  });
});

describe('what others see', () => {
  const available = async () => {
    const { devices } = await wire.phones.call<{ devices: { available: boolean }[] }>('GET', `/phones/${number.phone}`);
    return devices.some((device) => device.available);
  };

  it('is the number online, or not, as soon as somebody decides so and after it connected anew', async () => {
    await until('it to be online', available);
    await decide({ mark_online: false });
    await until('it to be online no more', async () => !(await available()));
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    await until('it to have gone', async () => (await wire.api.session(number.session)).state !== 'connected');
    await wire.connected(number.session);
    expect(await available()).toBe(false);
    await decide({ mark_online: true });
    await until('it to be online', available);
  });

  it('is that a message was read, or not; its own phone knows in any case', async () => {
    const customer = await wire.phones.createPhone();
    const read = async (text: string) => {
      await wire.phones.send(customer, { to: number.phone, text });
      await wire.api.waitForText(number.session, text, ['received']);
      const { items } = ConversationPage.parse(
        await wire.api.call('GET', `/conversations?search=${encodeURIComponent(customer)}`),
      );
      await wire.api.call('POST', `/conversations/${items[0]?.id}/read`);
      await until('its own phone to know', async () => {
        const chats = await wire.phones.call<{ with: string; unread: number }[]>(
          'GET',
          `/phones/${number.phone}/chats`,
        );
        return chats.some((chat) => chat.with === customer && chat.unread === 0);
      });
      return (await wire.phones.messages(customer, number.phone)).find((message) => message.text === text)?.status;
    };
    expect(await read('seen?')).toBe('read');
    await decide({ read_receipts: false });
    expect(await read('and this?')).toBe('delivered');
    await decide({ read_receipts: true });
  });
});

it('leaves with the phone what was said before the number was linked, if a person wants it so', async () => {
  const [customer, phone] = [await wire.phones.createPhone(), await wire.phones.createPhone()];
  await wire.phones.send(customer, { to: phone, text: 'long ago' });
  const { id: session, qr } = await wire.api.createWithQr('Fresh');
  await wire.api.call('PATCH', `/sessions/${session}`, { import_history: false });
  await wire.phones.call('POST', `/phones/${phone}/scan`, { qr });
  await wire.connected(session);
  await wire.phones.send(customer, { to: phone, text: 'now' });
  await wire.api.waitForText(session, 'now', ['received']);
  const texts = async () => (await wire.api.messages(session)).map(({ text }) => text);
  expect(await texts()).toEqual(['now']);
});
