import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectLive, readyCursor, refusal } from '../../testing/live-client.ts';
import { startApi, type TestApi, type TestNode, type TestPerson } from '../../testing/start-api.ts';

let api: TestApi;
let nodes: TestNode[];
let dana: TestPerson;

/** All limits are a tenth: ten without good credentials, sixty connections. */
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_FACTOR: '0.1' });
  nodes = [api, await api.anotherNode()];
  dana = await api.signUpOwner('Dana');
});
afterAll(() => api.close());

const nodeOf = (n: number): TestNode => nodes[n % nodes.length] ?? api;

/** What a client is refused for that connects, or is told when it is let in. */
async function outcome(n: number, address: string, token = dana.token): Promise<string> {
  const socket = connectLive(nodeOf(n), dana, { address, auth: { token } });
  const said = await Promise.race([
    readyCursor(socket).then(() => 'let in'),
    refusal(socket).then(({ data, message }) => data?.code ?? message),
  ]);
  socket.disconnect();
  return said;
}

async function outcomes(count: number, address: string, token?: string): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const said = await outcome(n, address, token);
    counted[said] = (counted[said] ?? 0) + 1;
  }
  return counted;
}

it('counts connections without good credentials together with such requests, at all nodes', async () => {
  const address = '203.0.113.1';
  expect(await outcomes(14, address, 'x.y.z')).toEqual({ unauthenticated: 10, rate_limited: 4 });
  const response = await fetch(`${nodes[1]?.url}/api/me`, { headers: { 'x-forwarded-for': address } });
  expect(response.status).toBe(429);
  expect(await outcome(0, address)).toBe('let in'); // who has credentials is kept out by nobody's guessing
  expect(await outcome(0, '203.0.113.2', 'x.y.z')).toBe('unauthenticated');
});

it('counts a token that an open connection brings, too', async () => {
  const address = '203.0.113.3';
  const socket = connectLive(api, dana, { address });
  await readyCursor(socket);
  const answers: unknown[] = [];
  for (let n = 0; n < 12; n += 1) answers.push(await socket.emitWithAck('authenticate', { token: 'x.y.z' }));
  socket.disconnect();
  expect(answers.slice(9)).toEqual([{ code: 'unauthenticated' }, { code: 'rate_limited' }, { code: 'rate_limited' }]);
});

it('lets one address connect so often and no more, at all nodes', async () => {
  const address = '203.0.113.4';
  expect(await outcomes(64, address, 'x.y.z')).toEqual({ unauthenticated: 10, rate_limited: 50, 'websocket error': 4 });
  expect(await outcome(0, '203.0.113.5')).toBe('let in');
});

it('ends a connection whose client says more than it has to say, at every node, and no other', async () => {
  for (const [n, node] of nodes.entries()) {
    const [loud, quiet] = [connectLive(node, dana), connectLive(node, dana)];
    await Promise.all([readyCursor(loud), readyCursor(quiet)]);
    const bearable = await loud.emitWithAck('authenticate', { token: `${dana.token}${'x'.repeat(10_000)}` });
    expect([n, bearable]).toEqual([n, { code: 'unauthenticated' }]);
    const ended = new Promise((resolve) => loud.once('disconnect', resolve));
    loud.emit('authenticate', { token: 'x'.repeat(20_000) });
    expect([n, await ended]).toEqual([n, 'transport close']);
    expect([n, await quiet.emitWithAck('authenticate', { token: dana.token })]).toMatchObject([
      n,
      { expires_at: expect.any(String) },
    ]);
    quiet.disconnect();
  }
});
