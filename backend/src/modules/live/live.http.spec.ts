import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket } from 'socket.io-client';
import { until } from '../../../../testing/until.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { isAfter } from '../../platform/facts/fact-cursor.ts';
import { FactLog } from '../../platform/facts/fact-log.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { type ConnectOptions, connectLive, nextEvent, readyCursor, refusal } from '../../testing/live-client.ts';
import { startApi, type TestApi, type TestNode, type TestPerson } from '../../testing/start-api.ts';

let api: TestApi;
let otherNode: TestNode;
let dana: TestPerson;
let omar: TestPerson;
const sockets: Socket[] = [];

beforeAll(async () => {
  api = await startApi({ SESSIONS_MAX: '0', ALLOWED_ORIGINS: 'https://app.example' });
  otherNode = await api.anotherNode();
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await api.close();
});

function connect(person: TestPerson, options: ConnectOptions = {}, node: TestNode = api): Socket {
  const socket = connectLive(node, person, options);
  sockets.push(socket);
  return socket;
}

/** Collects the states that a client is told, and where it is then. */
function follow(socket: Socket, states: string[] = []): { states: string[]; cursor: () => string | undefined } {
  let last: string | undefined;
  socket.on('session.status', ({ state, cursor }: { state: string; cursor: string }) => {
    states.push(state);
    last = cursor;
  });
  return { states, cursor: () => last };
}

/** Writes a fact as a use case would; nobody is told yet. */
async function write(person: TestPerson, state: string): Promise<void> {
  const organization = OrganizationId.parse(person.organization);
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

/** Writes facts and signals, both on the first node. */
async function happen(person: TestPerson, states: string[]): Promise<void> {
  for (const state of states) await write(person, state);
  api.app.get(Signals).send('facts', { organization: String(person.organization) });
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `state ${n}`);

describe('what happens', () => {
  it('is told to the members of the organization on every node, and to nobody else', async () => {
    const [here, there, stranger] = [connect(dana), connect(dana, {}, otherNode), connect(omar, {}, otherNode)];
    const heard = follow(stranger);
    await Promise.all([here, there, stranger].map(readyCursor));
    const told = Promise.all([here, there].map((socket) => nextEvent(socket, 'session.status')));
    await happen(dana, ['connected']);
    const event = {
      session_id: dana.organization,
      state: 'connected',
      reason: null,
      cursor: expect.stringMatching(/^\d+-\d+$/),
    };
    expect(await told).toEqual([event, event]);
    await happen(omar, ['error']); // comes after, so what was for others would have arrived before
    await until('his own event', () => heard.states.length > 0);
    expect(heard.states).toEqual(['error']);
  });

  it('is told to a client that was away for fifty events, each once and in order, before anything new', async () => {
    const first = connect(dana);
    const cursor = await readyCursor(first);
    first.disconnect();
    await happen(dana, numbered(50));
    const back = follow(connect(dana, { auth: { cursor } }, otherNode));
    await until('what was missed', () => back.states.length >= 50);
    await happen(dana, ['new']);
    await until('what is new', () => back.states.includes('new'));
    expect(back.states).toEqual([...numbered(50), 'new']);
  });

  it('is told once, in order, to a client that goes back and forth between nodes while it happens', async () => {
    let cursor = await readyCursor(connect(dana));
    const all: string[] = [];
    const happening = (async () => {
      for (const state of numbered(200)) await happen(dana, [state]);
    })();
    for (let n = 0; all.length < 200; n++) {
      const socket = connect(dana, { auth: { cursor } }, n % 2 === 0 ? otherNode : api);
      const before = all.length;
      const { cursor: seen } = follow(socket, all);
      await until('something new', () => all.length > before);
      socket.disconnect();
      cursor = seen() ?? cursor;
    }
    await happening;
    expect(all).toEqual(numbered(200));
  });

  it('is not told again by a node that finds out later than the client knew', async () => {
    const cursor = await readyCursor(connect(dana));
    await write(dana, 'known'); // unsignalled: only who resumes reads it
    const first = connect(dana, { auth: { cursor } }, otherNode);
    const known = await nextEvent<{ cursor: string }>(first, 'session.status');
    first.disconnect();
    const back = follow(connect(dana, { auth: { cursor: known.cursor } }, otherNode));
    await happen(dana, ['new']);
    await until('what is new', () => back.states.includes('new'));
    expect(back.states).toEqual(['new']);
  });
});

it.each(['nonsense', '99999999999999999999-1', '1-9999999999999999999', '18446744073709551615-0'])(
  'has a client read everything anew whose cursor is %s, and goes on from now',
  async (cursor) => {
    const socket = connect(dana, { auth: { cursor } });
    const heard = follow(socket);
    expect(await nextEvent(socket, 'live.reset')).toEqual({ cursor: expect.stringMatching(/^\d+-\d+$/) });
    await happen(dana, ['new']);
    await until('what is new', () => heard.states.length > 0);
    expect(heard.states).toEqual(['new']);
  },
);

it('has a client read everything anew that missed more than can be told', async () => {
  const cursor = await readyCursor(connect(dana));
  const { admin } = api.database;
  await admin.query(
    `insert into private.facts (organization_id, type, subject, payload)
     select $1, 'session.status', $1, '{}' from generate_series(1, 1001)`,
    [dana.organization],
  );
  const { rows } = await admin.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  await until('all that to be certain', async () => isAfter(await api.app.get(FactLog).tip(), `${rows[0]?.xid}-0`));
  const socket = connect(dana, { auth: { cursor } }, otherNode);
  expect(await nextEvent(socket, 'live.reset')).toEqual({ cursor: expect.any(String) });
});

describe('who was away', () => {
  it('while his node ended and things happened is told all of it by another', async () => {
    const ending = await api.anotherNode();
    const socket = connect(dana, {}, ending);
    const cursor = await readyCursor(socket);
    const gone = nextEvent<string>(socket, 'disconnect');
    await ending.app.close();
    await gone;
    await happen(dana, numbered(20));
    const begun = await api.anotherNode(); // which was not there when it happened
    const back = follow(connect(dana, { auth: { cursor } }, begun));
    await until('what was missed', () => back.states.length >= 20);
    expect(back.states).toEqual(numbered(20));
  });

  it('for longer than facts are kept reads everything anew', async () => {
    const cursor = await readyCursor(connect(dana));
    await happen(dana, ['dropped']);
    const { admin } = api.database;
    await admin.query(
      `insert into private.fact_cursors (name, xid, id) select 'forgotten', f.xid, f.id from private.facts f
        where payload ->> 'state' = 'dropped'`,
    );
    const { rows } = await admin.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
    await until('it to be certain', async () => isAfter(await api.app.get(FactLog).tip(), `${rows[0]?.xid}-0`));
    const socket = connect(dana, { auth: { cursor } }, otherNode);
    expect(await nextEvent(socket, 'live.reset')).toEqual({ cursor: expect.any(String) });
    await admin.query(`delete from private.fact_cursors where name = 'forgotten'`);
  });

  it('and became less meanwhile is told what he still may know, and no code', async () => {
    const admin = await api.hire(dana, 'admin');
    const first = connect(admin, {}, otherNode);
    const cursor = await readyCursor(first);
    const turnedOut = nextEvent<string>(first, 'disconnect');
    await dana.call('PATCH', `/members/${await admin.id()}`, { role: 'viewer' });
    await turnedOut; // else the node may be told of it after he came back
    first.disconnect();
    await happen(dana, numbered(3));
    const socket = connect(admin, { auth: { cursor } }, otherNode);
    const seen: string[] = [];
    socket.onAny((event: string) => seen.push(event));
    const back = follow(socket);
    await until('what was missed', () => back.states.length >= 3);
    api.app.get(Signals).send('link', { organization: String(dana.organization), session: newId() });
    await happen(dana, ['after']);
    await until('what is new', () => back.states.includes('after'));
    expect(new Set(seen)).toEqual(new Set(['session.status']));
  });

  it('and is no member any more is not let in, wherever he was', async () => {
    const leaver = await api.hire(dana, 'agent');
    const first = connect(leaver);
    const cursor = await readyCursor(first);
    first.disconnect();
    await dana.call('DELETE', `/members/${await leaver.id()}`);
    await happen(dana, ['after']);
    expect((await refusal(connect(leaver, { auth: { cursor } }, otherNode))).data).toEqual({
      code: 'organization_not_found',
    });
  });
});

describe('a QR code', () => {
  it('is shown live to those who may link numbers, and to nobody else', async () => {
    const viewer = await api.hire(dana, 'viewer');
    const session = newId();
    const { admin } = api.database;
    await admin.query("insert into sessions (organization_id, id, name, state) values ($1, $2, 'Shop', 'qr_pending')", [
      dana.organization,
      session,
    ]);
    await admin.query(
      "insert into private.session_links (organization_id, session_id, qr) values ($1, $2, '2@secret')",
      [dana.organization, session],
    );
    const [owner, onlooker] = [connect(dana, {}, otherNode), connect(viewer, {}, otherNode)];
    const seen: string[] = [];
    onlooker.onAny((event: string) => seen.push(event));
    await Promise.all([readyCursor(owner), readyCursor(onlooker)]);
    const shown = nextEvent(owner, 'session.qr');
    api.app.get(Signals).send('link', { organization: String(dana.organization), session });
    expect(await shown).toMatchObject({
      session_id: session,
      qr: '2@secret',
      qr_image: expect.stringMatching(/^data:image\/png/),
      pairing_code: null,
    });
    await happen(dana, ['after']);
    await until('what he may see', () => seen.includes('session.status'));
    expect(seen).toEqual(['live.ready', 'session.status']);
  });
});

describe('a client', () => {
  it.each([
    ['without a token', () => ({ token: undefined }), 'unauthenticated'],
    ['with a forged token', () => ({ token: 'x.y.z' }), 'unauthenticated'],
    ['with an API key', () => ({ token: `wsl_${'x'.repeat(43)}` }), 'unauthenticated'],
    ["of somebody else's organization", () => ({ organization_id: omar.organization }), 'organization_not_found'],
    ['whose handshake is not as described', () => ({ cursor: 7 }), 'request_invalid'],
  ])('%s is not let in', async (_, auth, code) => {
    const error = await refusal(connect(dana, { auth: auth() }));
    expect(error.data).toEqual({ code });
  });

  it('on a page of another host is not let in, unless that host is allowed', async () => {
    for (const origin of ['https://elsewhere.example', 'null'])
      expect(await refusal(connect(dana, { origin }))).toMatchObject({ type: 'TransportError' });
    for (const origin of ['https://app.example', api.url])
      expect(await readyCursor(connect(dana, { origin }))).toMatch(/^\d+-\d+$/);
  });

  it('that sends more than a client has to say is cut off', async () => {
    const socket = connect(dana);
    await readyCursor(socket);
    const reason = nextEvent<string>(socket, 'disconnect');
    socket.emit('authenticate', { token: 'x'.repeat(20_000) });
    expect(await reason).toBe('transport close');
  });

  it('is turned out when its membership ends, and does not get in again', async () => {
    const leaver = await api.hire(dana, 'agent');
    const socket = connect(leaver, {}, otherNode);
    await readyCursor(socket);
    const reason = nextEvent<string>(socket, 'disconnect');
    expect((await dana.call('DELETE', `/members/${await leaver.id()}`)).status).toBe(204);
    expect(await reason).toBe('transport close');
    expect((await refusal(connect(leaver, {}, otherNode))).data).toEqual({ code: 'organization_not_found' });
  });

  it('is let in anew as what it has become, and nobody else is disturbed', async () => {
    const admin = await api.hire(dana, 'admin');
    const [socket, owner] = [connect(admin), connect(dana)];
    await Promise.all([socket, owner].map(readyCursor));
    const reason = nextEvent<string>(socket, 'disconnect');
    await dana.call('PATCH', `/members/${await admin.id()}`, { role: 'viewer' });
    expect(await reason).toBe('transport close');
    expect(await readyCursor(connect(admin))).toEqual(expect.any(String));
    expect(owner.connected).toBe(true);
  });

  it('finds its way back by itself from a node that stops', async () => {
    const stopping = await api.anotherNode();
    const socket = connect(dana, {}, stopping);
    await readyCursor(socket);
    const reason = nextEvent<string>(socket, 'disconnect');
    await stopping.app.close();
    expect(await reason).toBe('transport close'); // after `io server disconnect` no client tries again by itself
  });
});
