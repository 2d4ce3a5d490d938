import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { JobView } from '../jobs/jobs.dto.ts';
import { connectLive, readyCursor } from '../../testing/live-client.ts';
import { TestPerson } from '../../testing/start-api.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { BulkAccepted } from './bulk.dto.ts';

const PHONES = 10;
const TOTAL = 1_000;

let wire: Wire;
let number: WireNumber;
let customers: string[];
beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
  customers = await Promise.all(Array.from({ length: PHONES }, () => wire.phones.createPhone()));
}, 60_000);
afterAll(() => wire.close());

const job = async (id: string) => JobView.parse(await wire.api.call('GET', `/jobs/${id}`));

it('a thousand that are stopped half-way and resumed reach each phone once, in their order', async () => {
  const texts = Array.from({ length: TOTAL }, (_, n) => `message ${n}`);
  const messages = texts.map((text, n) => ({ to: `+${customers[n % PHONES]?.replace('+', '')}`, text }));
  const { job_id: id } = BulkAccepted.parse(
    await wire.api.call('POST', '/messages/send-bulk', { session_id: number.session, messages }),
  );
  await until('some to have left', async () => (await job(id)).counts.queued < TOTAL * 0.9);
  const paused = JobView.parse(await wire.api.call('POST', `/jobs/${id}/pause`));
  expect(paused.counts.queued).toBeGreaterThan(0);
  await until('what was under way to be there', async () => (await job(id)).counts.sending === 0);
  const { counts } = await job(id);
  expect(counts.queued).toBe(paused.counts.queued);

  // A number that comes back sends nothing of what is paused; what else is said leaves.
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
  await until('it to rest', async () => (await wire.api.session(number.session)).state === 'disconnected');
  await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
  await wire.connected(number.session);
  const [first = ''] = customers;
  const aside = { type: 'text', session_id: number.session, to: `+${first.replace('+', '')}`, text: 'by hand' };
  await wire.api.call('POST', '/messages/send', aside);
  await until('it to arrive', async () => (await wire.textsOnPhone(first, number)).includes('by hand'));
  expect((await job(id)).counts.queued).toBe(counts.queued);

  await wire.api.call('POST', `/jobs/${id}/resume`);
  await until('all to have left', async () => (await job(id)).state === 'completed', { timeoutMs: 240_000 });
  for (const [n, customer] of customers.entries())
    await until(`all to be with ${customer}`, async () => {
      const arrived = (await wire.textsOnPhone(customer, number)).filter((text) => text !== 'by hand');
      return arrived.join() === texts.filter((_, m) => m % PHONES === n).join();
    });
}, 360_000);

it('tells live how far it has come, its own people alone', async () => {
  const person = (api: typeof wire.api) =>
    Object.assign(new TestPerson(wire.app.url, '', api.token), { organization: api.organization });
  const omar = await wire.app.signUpOwner('Omar', 'Other');
  const [socket, stranger] = [connectLive(wire.app, person(wire.api)), connectLive(wire.app, omar)];
  try {
    await Promise.all([readyCursor(socket), readyCursor(stranger)]);
    const overheard: unknown[] = [];
    stranger.on('job.progress', (event) => overheard.push(event));
    const told: { job_id: string; total: number }[] = [];
    socket.on('job.progress', (event: { job_id: string; total: number }) => told.push(event));
    const messages = [{ to: `+${customers[0]?.replace('+', '')}`, text: 'one more' }];
    const { job_id } = BulkAccepted.parse(
      await wire.api.call('POST', '/messages/send-bulk', { session_id: number.session, messages }),
    );
    await until('it to be told', () => told.some((event) => event.job_id === job_id && event.total === 1));
    await until('it to be completed', async () => (await job(job_id)).state === 'completed');
    expect(overheard).toEqual([]);
  } finally {
    socket.disconnect();
    stranger.disconnect();
  }
}, 30_000);
