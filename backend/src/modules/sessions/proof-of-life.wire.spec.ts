import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire } from '../../testing/wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start();
}, 60_000);
afterAll(() => wire.close());

it('a number whose line is open and dead is found out within a minute, and loses nothing', async () => {
  const [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  await wire.api.send(number.session, `+${customer}`, 'before');
  await wire.api.waitForText(number.session, 'before', ['delivered']);

  const silentSince = Date.now();
  await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'silent' });
  await wire.api.send(number.session, `+${customer}`, 'into the silence');
  const found = await until(
    'the number to be called dead',
    async () => {
      const session = await wire.api.session(number.session);
      return session.state !== 'connected' && session;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
  expect(found).toMatchObject({ state: 'connecting', reason: 'network' });

  await wire.phones.call('DELETE', '/faults');
  await wire.connected(number.session);
  expect(Date.now() - silentSince).toBeLessThan(60_000);
  await wire.api.waitForText(number.session, 'into the silence', ['delivered']);
  expect(await wire.textsOnPhone(customer, number)).toEqual(['before', 'into the silence']);
}, 90_000);
