import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { until } from '../../../../testing/until.ts';
import { Clock } from '../../kernel/clock.ts';
import { newId, OrganizationId, SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { MediaExpired, SessionOffline } from '../sessions/sessions.errors.ts';
import type { OpenSession } from '../sessions/session-traffic.ts';
import { FetchQueue, type FetchSource } from './media.fetch-queue.ts';
import { MediaFetcher } from './media.fetcher.ts';
import { MediaRepository } from './media.repository.ts';
import { MediaService } from './media.service.ts';

/** Time that stands still until it is moved. */
class StillClock extends Clock {
  private ms = 0;
  private readonly timers = new Set<{ work: () => void; dueMs: number }>();

  now = () => new Date(this.ms);
  monotonicMs = () => this.ms;

  setTimeout(work: () => void, ms: number): () => void {
    const timer = { work, dueMs: this.ms + ms };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** When the next timer is due, from now; undefined when nobody waits. */
  get nextMs(): number | undefined {
    return this.timers.size === 0 ? undefined : Math.min(...[...this.timers].map((one) => one.dueMs)) - this.ms;
  }

  /** Moves on to the next timer and fires it. */
  async next(): Promise<number> {
    const ms = await until('somebody to wait', () => this.nextMs);
    this.ms += ms;
    for (const timer of this.timers) {
      if (timer.dueMs > this.ms) continue;
      this.timers.delete(timer);
      timer.work();
    }
    return ms;
  }
}

/** What comes, or how it fails. */
type Download = (payload: Uint8Array) => Promise<NodeJS.ReadableStream>;

const NOTHING = { durationSeconds: null, waveform: null, thumbnail: null, width: null, height: null };

let api: TestApi;
let admin: pg.Client;
let organization: OrganizationId;
let session: SessionId;
let conversation: string;
let clock: StillClock;
let fetcher: MediaFetcher;
let opened: AbortController[];
/** What a phone was asked for, by WhatsApp's id, which here is the message's. */
let requested: string[];

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  const dana = await api.signUpOwner('Dana');
  organization = OrganizationId.parse(dana.organization);
});
afterAll(() => api.close());

beforeEach(async () => {
  opened = [];
  requested = [];
  clock = new StillClock();
  fetcher = new MediaFetcher(
    api.app.get(TenantDb),
    api.app.get(MediaService),
    api.app.get(MediaRepository),
    api.app.get(Facts),
    api.app.get(Signals),
    clock,
  );
  session = SessionId.parse(newId());
  conversation = newId();
  const contact = newId();
  await admin.query(`insert into sessions (organization_id, id, name) values ($1, $2, 'Desk')`, [
    organization,
    session,
  ]);
  await lease(1);
  await admin.query('insert into contacts (organization_id, id, phone_number) values ($1, $2, $3)', [
    organization,
    contact,
    `+972${randomBytes(4).readUInt32BE()}`,
  ]);
  await admin.query('insert into conversations (organization_id, id, session_id, contact_id) values ($1, $2, $3, $4)', [
    organization,
    conversation,
    session,
    contact,
  ]);
});
afterEach(() => {
  for (const one of opened) one.abort();
});

async function lease(epoch: number): Promise<void> {
  await admin.query(
    `insert into private.session_leases (organization_id, session_id, epoch) values ($1, $2, $3)
     on conflict (session_id) do update set epoch = excluded.epoch`,
    [organization, session, epoch],
  );
}

/** A message that came in with a file; its payload is its id, so that a download knows which it is. */
async function receive(): Promise<string> {
  const id = newId();
  await admin.query(
    `insert into messages (organization_id, id, session_id, conversation_id, direction, type, status, whatsapp_message_id, media_state, payload)
     values ($1, $2, $3, $4, 'inbound', 'image', 'received', $5, 'pending', $6)`,
    [organization, id, session, conversation, id, Buffer.from(id)],
  );
  return id;
}

/** The connection of a number whose files come as `download` says. */
function open(download: Download): OpenSession & { close(): void } {
  const closing = new AbortController();
  opened.push(closing);
  return {
    lease: { organization, session, epoch: 1n },
    closed: closing.signal,
    mayAct: () => !closing.signal.aborted,
    encode: () => Promise.reject(new Error('not in this test')),
    send: () => Promise.reject(new SessionOffline()),
    lookUp: () => Promise.reject(new SessionOffline()),
    requestFile: (file) => (requested.push(file.whatsappMessageId), Promise.resolve()),
    markRead: () => Promise.reject(new SessionOffline()),
    download: async (payload) => ({ content: await download(payload), fileName: 'plan.txt', told: NOTHING }),
    close: () => closing.abort(),
  };
}

const stateOf = async (message: string) => {
  const { rows } = await admin.query<{ media_state: string; mime_type: string | null; size_bytes: string | null }>(
    `select m.media_state, d.mime_type, d.size_bytes from messages m left join media d on d.id = m.media_id where m.id = $1`,
    [message],
  );
  return rows[0];
};
const settled = (message: string) =>
  until('the file to be settled', async () => {
    const state = await stateOf(message);
    return state && state.media_state !== 'pending' ? state : undefined;
  });
const factsOf = async (message: string) =>
  (await admin.query('select type, payload from private.facts where subject = $1', [message])).rows;
const rowsOfMedia = async () => Number((await admin.query('select count(*) from media')).rows[0].count);

const text = (content: string) => Promise.resolve(Readable.from([Buffer.from(content)]));
/** Some of a file, and then the connection breaks. */
const broken = () =>
  Promise.resolve(
    Readable.from(
      (async function* () {
        yield await Promise.resolve(Buffer.from('half a f'));
        throw new Error('the file was changed on its way');
      })(),
    ),
  );
/** Downloads that end when the test says so. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    download: () =>
      new Promise<Readable>((resolve) => waiting.push(() => resolve(Readable.from([Buffer.from('late')])))),
  };
}

it('stores the file of a message, and tells of it in the same breath', async () => {
  const message = await receive();
  fetcher.wake(open(() => text('hello')));
  expect(await settled(message)).toEqual({ media_state: 'stored', mime_type: 'text/plain', size_bytes: '5' });
  expect(await factsOf(message)).toEqual([
    {
      type: 'message.status',
      payload: { message_id: message, conversation_id: conversation, session_id: session, status: 'received' },
    },
  ]);
});

it('takes a picture that would be too large to be sent as one: WhatsApp has carried it already', async () => {
  const message = await receive();
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
    'base64',
  );
  fetcher.wake(open(() => Promise.resolve(Readable.from([png, Buffer.alloc(17 * 1024 * 1024)]))));
  expect(await settled(message)).toMatchObject({ media_state: 'stored', mime_type: 'image/png' });
});

it('tries a broken file five times, after ever longer waits, and gives it up', async () => {
  const message = await receive();
  let tries = 0;
  fetcher.wake(open(() => (tries++, broken())));
  const waits = [await clock.next(), await clock.next(), await clock.next()];
  expect((await stateOf(message))?.media_state).toBe('pending');
  waits.push(await clock.next());
  expect(waits).toEqual([5_000, 30_000, 180_000, 900_000]);
  expect(await settled(message)).toMatchObject({ media_state: 'failed', mime_type: null });
  expect(tries).toBe(5);
  expect(await factsOf(message)).toHaveLength(1);
  expect(await readdir(join(api.files, 'incoming'))).toEqual([]);
});

it('asks the phone, once on each connection, for what WhatsApp no longer has, and gives it up after the fifth', async () => {
  const message = await receive();
  let tries = 0;
  const gone = () => (tries++, Promise.reject(new MediaExpired()));
  fetcher.wake(open(gone));
  expect(await settled(message)).toMatchObject({ media_state: 'requested' });
  await until('the phone to be asked', () => requested.length === 1);
  const next = open(gone);
  fetcher.wake(next);
  fetcher.wake(next);
  await until('it to be asked again', () => requested.length === 2);
  expect(requested).toEqual([message, message]);
  expect(tries).toBe(1);
  for (let answers = 3; answers <= 5; answers += 1) {
    await fetcher.answered(next.lease, { whatsappMessageId: message, payload: Buffer.from(message) });
    fetcher.wake(next);
    await until('it to be asked once more', () => requested.length === answers);
  }
  await fetcher.answered(next.lease, { whatsappMessageId: message, payload: Buffer.from(message) });
  fetcher.wake(next);
  await until('it to be given up', async () => (await stateOf(message))?.media_state === 'failed');
  expect(requested).toHaveLength(5);
});

it('hears one answer of the phone, and of another number none', async () => {
  const message = await receive();
  const connection = open(() => Promise.reject(new MediaExpired()));
  fetcher.wake(connection);
  expect(await settled(message)).toMatchObject({ media_state: 'requested' });
  const elsewhere = { ...connection.lease, session: SessionId.parse(newId()) };
  await fetcher.answered(elsewhere, { whatsappMessageId: message, payload: null });
  expect(await stateOf(message)).toMatchObject({ media_state: 'requested' });
  await fetcher.answered(connection.lease, { whatsappMessageId: message, payload: null });
  await fetcher.answered(connection.lease, { whatsappMessageId: message, payload: Buffer.from('elsewhere') });
  expect(await stateOf(message)).toMatchObject({ media_state: 'failed' });
});

it('lets no other file wait for a broken one', async () => {
  const [bad, ...good] = [await receive(), await receive(), await receive(), await receive()];
  fetcher.wake(open((payload) => (Buffer.from(payload).toString() === bad ? broken() : text('fine'))));
  for (const message of good) expect(await settled(message)).toMatchObject({ media_state: 'stored' });
  expect((await stateOf(bad))?.media_state).toBe('pending');
});

it('fetches two at a time', async () => {
  const messages = [await receive(), await receive(), await receive()];
  const { waiting, download } = gate();
  fetcher.wake(open(download));
  await until('two downloads', () => waiting.length === 2);
  waiting[0]?.();
  await until('the third', () => waiting.length === 3);
  waiting[1]?.();
  waiting[2]?.();
  for (const message of messages) expect(await settled(message)).toMatchObject({ media_state: 'stored' });
});

it('hears of a message that comes in while it is at work', async () => {
  const first = await receive();
  const { waiting, download } = gate();
  const connection = open(download);
  fetcher.wake(connection);
  await until('the first download', () => waiting.length === 1);
  const second = await receive();
  fetcher.wake(connection);
  waiting[0]?.();
  await settled(first);
  await until('the second download', () => waiting.length === 2);
  waiting[1]?.();
  expect(await settled(second)).toMatchObject({ media_state: 'stored' });
});

it('goes on with the next connection, while the last one is still ending', async () => {
  const message = await receive();
  const { waiting, download } = gate();
  const last = open(download);
  fetcher.wake(last);
  await until('the download', () => waiting.length === 1);
  last.close();
  fetcher.wake(open(() => text('again')));
  expect(await settled(message)).toMatchObject({ media_state: 'stored', size_bytes: '5' });
});

it('stops waiting when the connection closes', async () => {
  await receive();
  const connection = open(broken);
  fetcher.wake(connection);
  await until('a wait', () => clock.nextMs !== undefined);
  connection.close();
  expect(clock.nextMs).toBeUndefined();
});

it('settles a file once, when two connections have fetched it', async () => {
  const message = await receive();
  const before = await rowsOfMedia();
  const [one, other] = [gate(), gate()];
  fetcher.wake(open(one.download));
  fetcher.wake(open(other.download));
  await until('both downloads', () => one.waiting.length === 1 && other.waiting.length === 1);
  one.waiting[0]?.();
  await settled(message);
  const marker = await receive(); // the other connection comes to it after the first message
  other.waiting[0]?.();
  await until('the other connection to be done with it', () => other.waiting.length === 2 || one.waiting.length === 2);
  expect(await factsOf(message)).toHaveLength(1);
  expect(await rowsOfMedia()).toBe(before + 1);
  expect((await stateOf(marker))?.media_state).toBe('pending');
});

it('writes nothing once another node owns the number', async () => {
  const message = await receive();
  const before = await rowsOfMedia();
  const { waiting, download } = gate();
  const connection = open(download);
  fetcher.wake(connection);
  await until('the download', () => waiting.length === 1);
  await lease(2);
  waiting[0]?.();
  await until('the first attempt to be over, and a second to begin', () => {
    fetcher.wake(connection);
    return waiting.length === 2;
  });
  expect(await stateOf(message)).toMatchObject({ media_state: 'pending' });
  expect(await factsOf(message)).toEqual([]);
  expect(await rowsOfMedia()).toBe(before);
});

describe('the queue of a connection', () => {
  const file = { id: newId(), conversation_id: newId(), status: 'received', payload: Buffer.alloc(0) };

  /** Asks what is pending, and gets the answer when the test gives it. */
  function source(over: Partial<FetchSource> = {}) {
    const answers: ((files: (typeof file)[]) => void)[] = [];
    const queue: FetchSource = {
      closed: new AbortController().signal,
      pending: () => new Promise((resolve) => answers.push(resolve)),
      fetch: () => Promise.resolve(true),
      failed: () => true,
      ...over,
    };
    return { answers, queue: new FetchQueue(queue, clock) };
  }

  it('looks again when it was woken while it looked', async () => {
    const { answers, queue } = source();
    queue.wake();
    queue.wake();
    answers[0]?.([]);
    await turn();
    expect(answers).toHaveLength(2);
  });

  it('stops waiting for a file that somebody else has settled', async () => {
    const { answers, queue } = source({ fetch: () => Promise.resolve(false) });
    queue.wake();
    answers[0]?.([file]);
    await turn();
    answers[1]?.([]);
    await clock.next();
    answers[2]?.([]);
    await turn();
    expect(clock.nextMs).toBeUndefined();
  });

  it('goes on after a while when the database was away, and not when there is no sense in it', async () => {
    let asked = 0;
    const pending = () => (asked++, Promise.reject(new Error('the database is away')));
    source({ pending, failed: () => false }).queue.wake();
    await turn();
    expect([asked, clock.nextMs]).toEqual([1, undefined]);
    source({ pending }).queue.wake();
    expect(await clock.next()).toBe(5_000);
    expect(asked).toBe(3);
  });
});
