import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { until } from '../../../../testing/until.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;
const sockets: Socket[] = [];

beforeAll(async () => {
  api = await startApi();
  dana = await (await api.signUp('Dana')).found('Acme');
  omar = await (await api.signUp('Omar')).found('Other');
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await api.close();
});

/** The next event of a name. */
const once = (socket: Socket, event: string): Promise<unknown[]> =>
  new Promise((resolve) => socket.once(event, (...parts: unknown[]) => resolve(parts)));

function connect(person: TestPerson, over: Record<string, unknown> = {}): Socket {
  const socket = io(api.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: person.token, organization_id: person.organization, ...over },
  });
  sockets.push(socket);
  return socket;
}

/** Writes facts as a use case would, and signals after commit. */
async function happen(person: TestPerson, states: string[]): Promise<void> {
  const organization = OrganizationId.parse(person.organization);
  for (const state of states) {
    await api.app.get(TenantDb).asTenant(organization, (tx) =>
      api.app.get(Facts).add(tx, {
        organization,
        type: 'session.status',
        version: 1,
        subject: organization,
        payload: { session_id: organization, state, reason: null },
      }),
    );
  }
  api.app.get(Signals).send('facts', { organization });
}

it('tells the members of an organization what happens there, and nobody else', async () => {
  const [hers, his] = [connect(dana), connect(omar)];
  const heard: string[] = [];
  his.on('session.status', () => heard.push('his'));
  await Promise.all([once(hers, 'live.ready'), once(his, 'live.ready')]);
  const told = once(hers, 'session.status');
  await happen(dana, ['connected']);
  expect((await told)[0]).toMatchObject({ state: 'connected', cursor: expect.stringMatching(/^\d+-\d+$/) });
  await happen(omar, ['error']);
  await until('his own event', () => heard.length > 0);
  expect(heard).toEqual(['his']);
});

it('tells a client that was away for fifty events each of them once, in order, before anything new', async () => {
  const first = connect(dana);
  const [{ cursor }] = (await once(first, 'live.ready')) as [{ cursor: string }];
  first.disconnect();
  const missed = Array.from({ length: 50 }, (_, n) => `missed ${n}`);
  await happen(dana, missed);
  const back = connect(dana, { cursor });
  const states: string[] = [];
  back.on('session.status', ({ state }: { state: string }) => states.push(state));
  await until('what was missed', () => states.length >= 50);
  await happen(dana, ['new']);
  await until('what is new', () => states.includes('new'));
  expect(states).toEqual([...missed, 'new']);
});

it('has a client read everything anew whose cursor it cannot use', async () => {
  const socket = connect(dana, { cursor: 'nonsense' });
  expect(await once(socket, 'live.reset')).toMatchObject([{ cursor: expect.stringMatching(/^\d+-\d+$/) }]);
});

it.each([
  ['a forged token', { token: 'x.y.z' }, 'unauthenticated'],
  ["somebody else's organization", { organization_id: 'foreign' }, 'organization_not_found'],
])('refuses %s', async (_, over, code) => {
  const socket = connect(dana, 'organization_id' in over ? { organization_id: omar.organization } : over);
  const [error] = (await once(socket, 'connect_error')) as [Error & { data: { code: string } }];
  expect(error.data.code).toBe(code);
});
