import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { ApiClient } from '../../../../testing/house/api-client.ts';
import { Wire } from '../../testing/wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start({ settings: { DELETION_GRACE_DAYS: '0' } });
}, 60_000);
afterAll(() => wire.close());

const devicesOf = async (phone: string): Promise<number> => {
  const { devices } = await wire.phones.call<{ devices: unknown[] }>('GET', `/phones/${phone}`);
  return devices.length;
};
const keysOf = async (session: string): Promise<number> => {
  const { rowCount } = await wire.app.database.admin.query('select from private.session_keys where session_id = $1', [
    session,
  ]);
  return rowCount ?? 0;
};
const remove = (api: ApiClient, name: string) => api.call('POST', '/organizations/current/deletion', { name });

describe('an organization that is deleted while its number is connected', () => {
  it('leaves the phone without the device and the database without its keys; the number of another stays', async () => {
    const kept = await wire.link('Kept');
    const leaving = await new ApiClient(wire.app.url).register('Leaving');
    const phone = await wire.phones.createPhone({ name: 'Leaving' });
    const { id: session, qr } = await leaving.createWithQr('Leaving');
    await wire.phones.call('POST', `/phones/${phone}/scan`, { qr });
    await until('it to be connected', async () => (await leaving.session(session)).state === 'connected', {
      timeoutMs: 90_000,
    });
    expect([await devicesOf(phone), await keysOf(session)]).toEqual([1, expect.any(Number)]);

    await remove(leaving, 'Leaving');
    await until('WhatsApp to be told', async () => (await devicesOf(phone)) === 0);
    await until('its keys to be forgotten', async () => (await keysOf(session)) === 0);
    const { admin } = wire.app.database;
    await admin.query(`update private.organization_deletions set ended_at = ended_at - interval '1 minute'`);
    await until('it to be gone', async () => {
      const { rowCount } = await admin.query('select from organizations where id = $1', [leaving.organization]);
      return rowCount === 0;
    });

    expect(await devicesOf(kept.phone)).toBe(1);
    expect((await wire.api.session(kept.session)).state).toBe('connected');
  }, 120_000);

  it('is unlinked by another node when the one that ran it is gone', async () => {
    const leaving = await new ApiClient(wire.app.url).register('Orphan');
    const phone = await wire.phones.createPhone({ name: 'Orphan' });
    const { id: session, qr } = await leaving.createWithQr('Orphan');
    await wire.phones.call('POST', `/phones/${phone}/scan`, { qr });
    await until('it to be connected', async () => (await leaving.session(session)).state === 'connected', {
      timeoutMs: 90_000,
    });
    const { admin } = wire.app.database;
    // As after a crash in the middle: a node that nobody hears of has the lease, for a moment yet.
    await admin.query(
      `update private.session_leases set owner_node = gen_random_uuid(), epoch = epoch + 1, expires_at = now() + interval '5 s' where session_id = $1`,
      [session],
    );
    await remove(leaving, 'Orphan');
    await until('WhatsApp to be told', async () => (await devicesOf(phone)) === 0, { timeoutMs: 60_000 });
    await until('it to be at rest', async () => {
      const { rowCount } = await admin.query('select from sessions where id = $1 and deleted_at is not null', [
        session,
      ]);
      return rowCount === 1;
    });
    expect(await keysOf(session)).toBe(0);
  }, 120_000);
});
