import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsqr from 'jsqr';
import sharp from 'sharp';
import { until } from '../../../../testing/until.ts';
import { ApiClient } from '../../../../testing/house/api-client.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { SessionLink, type SessionStatusView, SessionView, SessionWithLink } from './sessions.dto.ts';

const NOTHING_TO_SCAN = { qr: null, qr_image: null, qr_expires_at: null, pairing_code: null };

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start();
});
afterAll(() => wire.close());

const connect = async (id: string, how?: object) =>
  SessionWithLink.parse(await wire.api.call('POST', `/sessions/${id}/connect`, how));
const act = async (id: string, action: 'disconnect' | 'logout') =>
  SessionView.parse(await wire.api.call('POST', `/sessions/${id}/${action}`));
const change = async (id: string, changes: object) =>
  SessionView.parse(await wire.api.call('PATCH', `/sessions/${id}`, changes));
const linkOf = async (id: string) => SessionLink.parse(await wire.api.call('GET', `/sessions/${id}/qr`));
const scan = (phone: string, qr: string | null) => wire.phones.call('POST', `/phones/${phone}/scan`, { qr });

/** Resolves with the number once it is in a state for a reason. */
const settled = (id: string, state: string, reason: string | null = null) =>
  until(`the number to be ${state} (${reason})`, async () => {
    const session = await wire.api.session(id);
    return session.state === state && session.reason === reason && session;
  });

const gone = (owner: ApiClient, id: string) =>
  until('the number to be gone', () =>
    owner.session(id).then(
      () => false,
      (error: Error) => /404.*session_not_found/.test(error.message),
    ),
  );

type Device = { id: number; connected: boolean };
/** What the phone shows under linked devices. */
const devicesOf = async (phone: string) =>
  (await wire.phones.call<{ devices: Device[] }>('GET', `/phones/${phone}`)).devices;

async function readQr(dataUrl: string | null): Promise<string | undefined> {
  const png = Buffer.from(dataUrl?.replace(/^data:image\/png;base64,/, '') ?? '', 'base64');
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

describe('creating a number', () => {
  it('answers with a QR code that a phone reads off the image and links by, until it is taken back', async () => {
    const askedAt = Date.now();
    const { session, link } = await wire.api.createSession('Front desk');
    expect(session).toMatchObject({ name: 'Front desk', state: 'qr_pending', reason: null, phone_number: null });
    expect(link).toMatchObject({ qr: expect.stringMatching(/^https:\/\/wa\.me\//), pairing_code: null });
    expect(await readQr(link.qr_image)).toBe(link.qr);
    const livesMs = Date.parse(link.qr_expires_at ?? '') - askedAt;
    expect(livesMs).toBeGreaterThanOrEqual(60_000);
    expect(livesMs).toBeLessThan(75_000);
    expect(await linkOf(session.id)).toEqual(link);

    const phone = await wire.phones.createPhone({ name: 'Acme' });
    await scan(phone, (await readQr(link.qr_image)) ?? null);
    const connected = await settled(session.id, 'connected');
    expect(connected).toMatchObject({ phone_number: `+${phone}`, attempts: 0 });
    expect(Date.parse(connected.connected_since ?? '')).toBeGreaterThanOrEqual(askedAt);
    await expect(linkOf(session.id)).rejects.toThrow(/404.*already_connected/);
  });

  it('answers with eight characters to type when it is told the number', async () => {
    const phone = await wire.phones.createPhone({ name: 'Acme' });
    const { session, link } = SessionWithLink.parse(
      await wire.api.call('POST', '/sessions/init', { name: 'Van', phone_number: `+${phone}` }),
    );
    expect(link).toEqual({ ...NOTHING_TO_SCAN, pairing_code: expect.stringMatching(/^[0-9A-Z]{8}$/) });
    expect(session).toMatchObject({ state: 'qr_pending', phone_number: null });
    expect(await linkOf(session.id)).toEqual(link);
    await wire.phones.call('POST', `/phones/${phone}/pair`, { code: link.pairing_code });
    expect(await settled(session.id, 'connected')).toMatchObject({ phone_number: `+${phone}` });
  });

  it('needs no word, and makes one the default, also when several first ones are made at once', async () => {
    const other = await new ApiClient(wire.app.url).register('Other');
    const made = await Promise.all(
      Array.from({ length: 4 }, async () => SessionWithLink.parse(await other.call('POST', '/sessions/create'))),
    );
    expect(made.map(({ session }) => session.name).toSorted()).toEqual([1, 2, 3, 4].map((n) => `WhatsApp ${n}`));
    expect(made.filter(({ session }) => session.is_default)).toHaveLength(1);
    expect(new Set(made.map(({ link }) => link.qr)).size).toBe(4);
  });

  it('asks once more when WhatsApp has no code for it', async () => {
    await wire.phones.call('POST', '/faults', { target: '*', kind: 'expire-qr', count: 1 });
    const { session, link } = await wire.api.createSession('Patient');
    expect(await wire.phones.call('GET', '/faults')).toEqual([]);
    expect(session).toMatchObject({ state: 'qr_pending', reason: null });
    expect(link.qr).toMatch(/^https/);
  });

  it('gives it a name that no other bears', async () => {
    const other = await new ApiClient(wire.app.url).register('Third');
    const create = async () => SessionWithLink.parse(await other.call('POST', '/sessions/create')).session;
    const first = await create();
    expect([first.name, (await create()).name]).toEqual(['WhatsApp 1', 'WhatsApp 2']);
    await other.call('DELETE', `/sessions/${first.id}`);
    await gone(other, first.id);
    expect((await create()).name).not.toBe('WhatsApp 2');
  });
});

describe('a linked number', () => {
  let number: WireNumber;
  beforeAll(async () => {
    number = await wire.link('Shop');
  });
  const devices = () => devicesOf(number.phone);

  it('is disconnected and connects again, still linked, with nothing to scan', async () => {
    await act(number.session, 'disconnect');
    expect(await settled(number.session, 'disconnected', 'stopped')).toMatchObject({ connected_since: null });
    expect(await devices()).toEqual([expect.objectContaining({ connected: false })]);
    expect(await linkOf(number.session)).toEqual(NOTHING_TO_SCAN);
    const { session, link } = await connect(number.session);
    expect(session).toMatchObject({ state: 'connected', reason: null });
    expect(link).toEqual(NOTHING_TO_SCAN);
    expect(await devices()).toEqual([expect.objectContaining({ connected: true })]);
  });

  it('that is switched off stays linked and off, whoever asks to connect it, until it is switched on', async () => {
    expect(await change(number.session, { enabled: false })).toMatchObject({ enabled: false });
    await settled(number.session, 'disconnected', 'disabled');
    expect(await connect(number.session)).toMatchObject({
      session: { state: 'disconnected', reason: 'disabled' },
      link: NOTHING_TO_SCAN,
    });
    expect(await devices()).toEqual([expect.objectContaining({ connected: false })]);
    await change(number.session, { enabled: true });
    await settled(number.session, 'connected');
    expect(await devices()).toEqual([expect.objectContaining({ connected: true })]);
  });

  it('comes back by itself when its connection is lost, unless it is told not to', async () => {
    const drop = () => wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    const since = (await wire.api.session(number.session)).connected_since;
    await drop();
    await until('another connection', async () => {
      const { state, connected_since } = await wire.api.session(number.session);
      return state === 'connected' && connected_since !== since;
    });
    await change(number.session, { auto_reconnect: false });
    // The node that runs it hears of the change a moment after we do. At rest it counts no attempts.
    await until('it to rest', async () => {
      const { state, reason, attempts } = await wire.api.session(number.session);
      if (state === 'connected') await drop();
      return state === 'error' && reason === 'network' && attempts === 0;
    });
    expect(await devices()).toEqual([expect.objectContaining({ connected: false })]);
    await change(number.session, { auto_reconnect: true });
    expect((await connect(number.session)).session).toMatchObject({ state: 'connected' });
  });

  it('has a status that says what its view says', async () => {
    const { id, state, reason, phone_number, connected_since, last_seen_at, attempts } = await wire.api.session(
      number.session,
    );
    const status = (await wire.api.call('GET', `/sessions/${id}/status`)) as SessionStatusView;
    expect(status).toEqual({ id, state, reason, phone_number, connected_since, last_seen_at, attempts });
    expect(status).toMatchObject({ state: 'connected', phone_number: `+${number.phone}` });
  });

  it('is logged out here, leaves the phone, and is linked again by a new code to any phone', async () => {
    await act(number.session, 'logout');
    expect(await settled(number.session, 'disconnected', 'logged_out')).toMatchObject({ connected_since: null });
    expect(await devices()).toEqual([]);
    const phone = await wire.phones.createPhone({ name: 'New phone' });
    const { session, link } = await connect(number.session);
    expect(session.state).toBe('qr_pending');
    await scan(phone, link.qr);
    expect(await settled(number.session, 'connected')).toMatchObject({ phone_number: `+${phone}` });
    number = { session: number.session, phone };
  });

  it('is unlinked on the phone, says so, and is linked again by a pairing code', async () => {
    const [device] = await devices();
    await wire.phones.call('DELETE', `/phones/${number.phone}/devices/${device?.id}`);
    await settled(number.session, 'error', 'logged_out');
    const { link } = await connect(number.session, { phone_number: `+${number.phone}` });
    expect(link).toEqual({ ...NOTHING_TO_SCAN, pairing_code: expect.any(String) });
    await wire.phones.call('POST', `/phones/${number.phone}/pair`, { code: link.pairing_code });
    await settled(number.session, 'connected');
  });
});

describe('an account that WhatsApp links with a passkey only', () => {
  it('is told so at once, by QR and by code, and is linked when the passkey is gone', async () => {
    const { session, link } = await wire.api.createSession('Behind a passkey');
    const phone = await wire.phones.createPhone();
    await wire.phones.call('POST', '/faults', { target: phone, kind: 'passkey-wall' });
    const walled = () =>
      until('the number to be told', async () => {
        const { state, reason } = await wire.api.session(session.id);
        return state === 'error' && reason === 'passkey_required';
      });
    await expect(scan(phone, link.qr)).rejects.toThrow(/passkey/);
    await walled();

    // On a busy machine a code comes after the answer.
    await connect(session.id, { phone_number: `+${phone}` });
    const code = await until('a pairing code', async () => (await linkOf(session.id)).pairing_code ?? undefined);
    await expect(wire.phones.call('POST', `/phones/${phone}/pair`, { code })).rejects.toThrow(/passkey/);
    await walled();

    await wire.phones.call('DELETE', '/faults');
    await connect(session.id);
    await scan(phone, await until('a QR code', async () => (await linkOf(session.id)).qr ?? undefined));
    await wire.connected(session.id);
  });
});

describe('deleting a number', () => {
  it('takes it off the phone and off the list, and keeps what was said; the next number may be the default', async () => {
    const owner = await new ApiClient(wire.app.url).register('Owner');
    const { session, link } = await owner.createSession('Old shop');
    const [phone, customer] = [await wire.phones.createPhone(), await wire.phones.createPhone({ name: 'Noa' })];
    await scan(phone, link.qr);
    await wire.phones.send(customer, { to: phone, text: 'Are you open?', id: '3A00000000000000000D' });
    await owner.waitForText(session.id, 'Are you open?', ['received']);

    expect(await owner.call('DELETE', `/sessions/${session.id}`)).toBeUndefined();
    await gone(owner, session.id);
    expect(await owner.call('GET', '/sessions')).toMatchObject({ items: [] });
    await expect(owner.call('DELETE', `/sessions/${session.id}`)).rejects.toThrow(/404.*session_not_found/);
    expect(await devicesOf(phone)).toEqual([]);
    expect(await owner.messages(session.id)).toMatchObject([{ text: 'Are you open?' }]);
    expect((await owner.createSession('New shop')).session).toMatchObject({ is_default: true, state: 'qr_pending' });
  });

  it('that was never linked needs no phone', async () => {
    const { session } = await wire.api.createSession('A mistake');
    expect(await wire.api.call('DELETE', `/sessions/${session.id}`)).toBeUndefined();
    await gone(wire.api, session.id);
  });
});

it('everything that was asked of WhatsApp was understood', async () => {
  expect(await wire.phones.stats()).toMatchObject({ unknownStanzas: {}, undecryptable: 0 });
});
