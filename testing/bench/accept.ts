import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { House } from '../house/house.ts';
import type { Figure } from './figure.ts';

const REQUESTS = 3_000;
const CLIENTS = 16;

type Measured = { rate: number; p99Ms: number };

/** Keeps `CLIENTS` requests under way until all are answered. */
async function load(request: (n: number) => Promise<unknown>): Promise<Measured> {
  const tookMs: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < REQUESTS) {
        const n = (next += 1);
        const sentAt = performance.now();
        await request(n);
        tookMs.push(performance.now() - sentAt);
      }
    }),
  );
  const rate = (REQUESTS / (performance.now() - startedAt)) * 1000;
  return { rate, p99Ms: tookMs.toSorted((a, b) => a - b)[Math.floor(REQUESTS * 0.99)] ?? 0 };
}

/** The least that a durable accept can be: a bare HTTP server that inserts one row for each request, with as many connections. */
async function oneInsert(databaseUrl: string): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
  await pool.query('create table if not exists bench_accepted (id bigint generated always as identity, body jsonb)');
  const insert = async (request: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    await pool.query({ name: 'accept', text: 'insert into bench_accepted (body) values ($1)', values: [body] });
    return '{"accepted":true}';
  };
  const server = createServer((request, response) => {
    insert(request).then(
      (answer) => response.writeHead(201, { 'content-type': 'application/json' }).end(answer),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const measured = await load(async (n) => {
    const body = JSON.stringify({ to: '+15550000001', text: `message ${n}` });
    await (await fetch(url, { method: 'POST', body })).text();
  });
  server.close();
  server.closeAllConnections();
  await pool.end();
  return measured;
}

/** Accepting a send over the API: checked, authorised, stored with its queue row, answered. The number rests meanwhile. */
export async function accept(): Promise<Figure[]> {
  const house = await House.start();
  try {
    const baseline = await oneInsert(house.databaseUrl);
    const number = await house.link(await house.register());
    const to = `+${await house.phones.createPhone({ name: 'Sink', silent: true })}`;
    await number.api.call('POST', `/sessions/${number.session}/disconnect`);
    const own = await load((n) =>
      number.api.call('POST', '/messages/send', {
        type: 'text',
        session_id: number.session,
        to,
        text: `message ${n}`,
      }),
    );
    const name = 'one insert over HTTP';
    return [
      { name: 'API accepts a second', better: 'more', wasel: own.rate, baseline: { name, value: baseline.rate } },
      { name: 'API accept, p99 in ms', better: 'less', wasel: own.p99Ms, baseline: { name, value: baseline.p99Ms } },
    ];
  } finally {
    await house.stop();
  }
}
