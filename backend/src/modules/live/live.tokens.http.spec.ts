import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Socket } from 'socket.io-client';
import { aMembership } from '../../testing/factories.ts';
import { connectLive, nextEvent, readyCursor, refusal } from '../../testing/live-client.ts';
import { startApi, type TestApi, TestPerson } from '../../testing/start-api.ts';

/** Tokens of our own making, as Supabase would sign them: their lives are as short as a test needs. */
const SUPABASE_URL = 'http://127.0.0.1:9';
const secret = randomBytes(32).toString('hex');
const dana = { sub: randomUUID(), email: 'dana@example.com' };

const sign = (user: typeof dana, expiresAt: number | string): Promise<string> =>
  new SignJWT(user)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(`${SUPABASE_URL}/auth/v1`)
    .setAudience('authenticated')
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(secret));

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

let api: TestApi;
let organization: string | undefined;
const sockets: Socket[] = [];

beforeAll(async () => {
  api = await startApi({ SUPABASE_URL, SUPABASE_ANON_KEY: 'anon', SUPABASE_JWT_SECRET: secret, SESSIONS_MAX: '0' });
  const owner = new TestPerson(api.url, dana.email, await sign(dana, '1h'));
  ({ organization } = await owner.found());
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await api.close();
});

function connect(token: string): Socket {
  const person = new TestPerson(api.url, dana.email, token);
  person.organization = organization;
  const socket = connectLive(api, person);
  sockets.push(socket);
  return socket;
}

const authenticate = (socket: Socket, body: unknown): Promise<unknown> => socket.emitWithAck('authenticate', body);

it('lets nobody in with a token that has run out', async () => {
  expect((await refusal(connect(await sign(dana, inSeconds(-1))))).data).toEqual({ code: 'unauthenticated' });
});

it('ends a connection with its token, unless it brought a newer one before', async () => {
  const token = await sign(dana, inSeconds(3));
  const staying = connect(token); // first, so that its time would be over first
  await readyCursor(staying);
  const ending = connect(token);
  await readyCursor(ending);
  const ended = nextEvent<string>(ending, 'disconnect');
  const later = inSeconds(3600);
  expect(await authenticate(staying, { token: await sign(dana, later) })).toEqual({
    expires_at: new Date(later * 1000).toISOString(),
  });
  expect(await ended).toBe('io server disconnect');
  expect(await authenticate(staying, { token: await sign(dana, later) })).toHaveProperty('expires_at');
});

it('takes neither a forged token, nor an expired one, nor that of another person, and keeps the connection as it is', async () => {
  const socket = connect(await sign(dana, '1h'));
  await readyCursor(socket);
  const refused = { code: 'unauthenticated' };
  expect(await authenticate(socket, { token: 'x.y.z' })).toEqual(refused);
  expect(await authenticate(socket, { token: await sign(dana, inSeconds(-1)) })).toEqual(refused);
  const omar = { sub: randomUUID(), email: 'omar@example.com' };
  expect(await authenticate(socket, { token: await sign(omar, '1h') })).toEqual(refused);
  expect(await authenticate(socket, 'nonsense')).toEqual({ code: 'request_invalid' });
  expect(socket.connected).toBe(true);
});

it('ends a connection that wants to go on for somebody who is no member any more', async () => {
  const noa = { sub: randomUUID(), email: 'noa@example.com' };
  const token = await sign(noa, '1h');
  await new TestPerson(api.url, noa.email, token).call('GET', '/me');
  const { admin } = api.database;
  await aMembership(admin, organization, noa.email, 'agent');
  const socket = connect(token);
  await readyCursor(socket);
  await admin.query('delete from memberships where user_id = $1', [noa.sub]);
  const ended = nextEvent<string>(socket, 'disconnect');
  socket.emit('authenticate', { token });
  expect(await ended).toBe('io server disconnect');
});
