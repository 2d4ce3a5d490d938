import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness } from './testing/harness.ts';

describe.each(['lid', 'pn'] as const)('linking a device (%s addressing)', (addressing) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start({ addressing });
  });
  afterAll(async () => {
    await harness.close();
  });

  it('links by QR code, restarts with 515, and learns the name on the phone', async () => {
    const phone = await harness.phone({ name: 'Maya' });
    const client = await harness.client().connect((qr) => harness.control.scan(phone, qr));
    expect(client.auth.creds.me?.id).toBe(`${phone}:1@s.whatsapp.net`);
    expect(await client.settled()).toBe('Maya');
    const { devices } = await harness.control.phone(phone);
    expect(devices).toMatchObject([{ id: 1, connected: true, platform: 'Mac OS' }]);
  });

  it('answers a device that is not linked yet when it asks whether the line lives', async () => {
    const phone = await harness.phone({ name: 'Ruth' });
    const client = await harness.client().connect(async (qr, socket) => {
      const ping = {
        tag: 'iq',
        attrs: { type: 'get', xmlns: 'w:p', to: '@s.whatsapp.net' },
        content: [{ tag: 'ping', attrs: {} }],
      };
      expect(await socket.query(ping)).toMatchObject({ attrs: { type: 'result' } });
      await harness.control.scan(phone, qr);
    });
    expect(await client.settled()).toBe('Ruth');
  });

  it('links by an eight-character code typed on the phone', async () => {
    const phone = await harness.phone({ name: 'Omar' });
    const client = await harness.client().connect(async (_qr, socket) => {
      const code = await socket.requestPairingCode(phone);
      await harness.control.events.waitFor('the request', (event) =>
        event.type === 'pairing' && event.phone === phone ? event : undefined,
      );
      await harness.control.pair(phone, `${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`);
    });
    expect(await client.settled()).toBe('Omar');
  });

  it('was asked nothing that it does not know', async () => {
    expect((await harness.control.stats()).unknownStanzas).toEqual({});
  });
});
