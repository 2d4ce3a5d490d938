import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { House } from '../house/house.ts';
import { until } from '../until.ts';
import { BareHost } from './bare.ts';
import type { HostSettings } from './bare-host.ts';
import type { Figure } from './figure.ts';
import { settledBytes } from './process-memory.ts';
import { linkMany } from './wasel.ts';

const FEW = 50;
const ALL = 200;
const COUNTS = [FEW, ALL] as const;
const PROCESSES = 3;
const MIB = 1024 ** 2;

/** What a process that runs `count` connected numbers weighs, and how long it took from its start until all were connected. */
type Run = { bytes: number; seconds: number };
type Start = (count: number) => Promise<{ pid: number; inspect: number; stop: () => Promise<void> }>;

async function measure(house: House, count: number, start: Start): Promise<Run> {
  await until('nobody to be connected', async () => (await house.phones.stats()).connections === 0);
  const startedAt = performance.now();
  const { pid, inspect, stop } = await start(count);
  await until(`${count} to be connected`, async () => (await house.phones.stats()).connections >= count, {
    timeoutMs: 120_000,
    everyMs: 10,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const bytes = await quiet(pid, inspect);
  await stop();
  return { bytes, seconds };
}

/** What follows a connection (the offline queue, first queries) comes to an end; then the least of a few looks counts. */
async function quiet(pid: number, inspect: number): Promise<number> {
  let least = Infinity;
  let unchanged = 0;
  await until(
    'memory to settle',
    async () => {
      const bytes = await settledBytes(pid, inspect);
      unchanged = bytes < least * 0.995 ? 0 : unchanged + 1;
      least = Math.min(least, bytes);
      return unchanged >= 2;
    },
    { everyMs: 1_000, timeoutMs: 60_000 },
  );
  return least;
}

/** How much of its heap a process gives back is chance: the median of some processes counts. */
async function runs(house: House, start: Start): Promise<Map<number, Run>> {
  const results = new Map<number, Run>();
  for (const count of [0, ...COUNTS]) {
    const all: Run[] = [];
    for (let n = 0; n < PROCESSES; n += 1) all.push(await measure(house, count, start));
    results.set(count, {
      bytes: median(all.map(({ bytes }) => bytes)),
      seconds: median(all.map((one) => one.seconds)),
    });
  }
  return results;
}

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? NaN;

const startBare =
  (settings: HostSettings): Start =>
  async (count) => {
    const inspect = await findFreePort();
    const host = await BareHost.start(settings, inspect);
    await host.run({ do: 'restore', count });
    return { pid: host.pid, inspect, stop: () => host.stop() };
  };

async function bare(house: House, isDurable: boolean): Promise<Map<number, Run>> {
  const home = mkdtempSync(join(tmpdir(), 'wasel-bench-'));
  const durable = isDurable ? { databaseUrl: house.databaseUrl, key: randomBytes(32).toString('base64') } : null;
  const file = isDurable ? null : join(home, 'numbers.json');
  try {
    const linker = await BareHost.start({ sandboxUrl: house.phones.url, durable, file: null });
    await linker.run({ do: 'link', count: ALL });
    if (file) await linker.run({ do: 'dump', file });
    await linker.stop();
    return await runs(house, startBare({ sandboxUrl: house.phones.url, durable, file }));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function wasel(house: House): Promise<Map<number, Run>> {
  const api = await house.register();
  await linkMany(house, api, ALL);
  await house.node.kill('SIGTERM');
  return runs(house, async (count) => {
    const inspect = await findFreePort();
    house.node.launch({ SESSIONS_MAX: String(count), NODE_OPTIONS: `--inspect=127.0.0.1:${inspect}` });
    if (count === 0) {
      await house.node.ready();
      await api.call('GET', '/sessions'); // the compiler of queries is loaded with the first one, numbers or not
    }
    return { pid: house.node.pid, inspect, stop: () => house.node.kill('SIGTERM') };
  });
}

/** Marginal memory of idle connected numbers, and the time from the start of a process until all of them are connected. */
export async function idle(): Promise<Figure[]> {
  const results: Map<number, Run>[] = [];
  for (const variant of [(house: House) => bare(house, false), (house: House) => bare(house, true), wasel]) {
    const house = await House.start();
    try {
      results.push(await variant(house));
    } finally {
      await house.stop();
    }
  }
  const [memory, durable, own] = results;
  if (!memory || !durable || !own) throw new Error('not all was measured');
  const marginal = (of: Map<number, Run>, count: number) =>
    ((of.get(count)?.bytes ?? 0) - (of.get(0)?.bytes ?? 0)) / count / MIB;
  const seconds = (of: Map<number, Run>) => of.get(ALL)?.seconds ?? 0;
  return [
    ...COUNTS.map((count): Figure => ({
      name: `MiB for each idle session, at ${count}`,
      better: 'less',
      memory: marginal(memory, count),
      durable: marginal(durable, count),
      wasel: marginal(own, count),
    })),
    {
      name: `seconds until ${ALL} sessions are connected`,
      better: 'less',
      memory: seconds(memory),
      durable: seconds(durable),
      wasel: seconds(own),
    },
  ];
}
