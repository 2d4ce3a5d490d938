import { randomBytes } from 'node:crypto';
import { House } from '../house/house.ts';
import { until } from '../until.ts';
import { BareHost } from './bare.ts';
import type { Figure } from './figure.ts';
import { linkMany } from './wasel.ts';

const RUNS = [
  { sessions: 1, messages: 1_000 },
  { sessions: 20, messages: 150 },
];

/** Messages that the server took, a second, from the first to the last. */
async function rate(house: House, total: number, start: () => Promise<unknown>): Promise<number> {
  const before = (await house.phones.stats()).messagesRelayed;
  const relayed = async () => (await house.phones.stats()).messagesRelayed - before;
  const started = start();
  started.catch(() => undefined); // told below, after what else went wrong because of it
  await until('the first message', async () => (await relayed()) > 0, { everyMs: 2 });
  const first = performance.now();
  await until('the last message', async () => (await relayed()) >= total, { everyMs: 5, timeoutMs: 60_000 });
  const seconds = (performance.now() - first) / 1000;
  await started;
  return total / seconds;
}

/** Through the outbox with its pace off: accepted while the number rests, measured from the moment in which it connects. */
async function wasel(house: House, sessions: number, messages: number, to: string): Promise<number> {
  const api = await house.register();
  const numbers = await linkMany(house, api, sessions);
  const ids = numbers.map(({ session }) => session);
  // The first message to a person looks him up; that is not what is measured.
  for (const id of ids) await api.send(id, `+${to}`, 'hello');
  await until('the first messages', async () => {
    const all = await Promise.all(ids.map((id) => api.messages(id)));
    return all.every(([one]) => one?.status === 'sent');
  });
  await Promise.all(ids.map((id) => api.call('POST', `/sessions/${id}/disconnect`)));
  await until('all to rest', async () => (await house.phones.stats()).connections === 0);
  await Promise.all(
    ids.map(async (id) => {
      for (let n = 0; n < messages; n += 1) await api.send(id, `+${to}`, `message ${n} of many`);
    }),
  );
  return rate(house, sessions * messages, () =>
    Promise.all(ids.map((id) => api.call('POST', `/sessions/${id}/connect`, {}))),
  );
}

async function bare(house: House, sessions: number, messages: number, to: string, isDurable: boolean): Promise<number> {
  const durable = isDurable ? { databaseUrl: house.databaseUrl, key: randomBytes(32).toString('base64') } : null;
  const host = await BareHost.start({ sandboxUrl: house.phones.url, durable, file: null });
  try {
    await host.run({ do: 'link', count: sessions });
    await host.run({ do: 'send', sessions, messages: 1, to });
    return await rate(house, sessions * messages, () => host.run({ do: 'send', sessions, messages, to }));
  } finally {
    await host.stop();
  }
}

export async function sends(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { sessions, messages } of RUNS) {
    const house = await House.start();
    try {
      // Takes everything and answers nothing, so that the virtual phones' own work is not measured.
      const to = await house.phones.createPhone({ name: 'Sink', silent: true });
      const memory = await bare(house, sessions, messages, to, false);
      const durable = await bare(house, sessions, messages, to, true);
      const own = await wasel(house, sessions, messages, to);
      const name = `sends a second, ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`;
      figures.push({ name, better: 'more', memory, durable, wasel: own });
      process.stderr.write(`${name}: in memory ${memory}, durable ${durable}, Wasel ${own}\n`);
    } finally {
      await house.stop();
    }
  }
  return figures;
}
