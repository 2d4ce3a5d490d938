import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectLive, readyCursor, refusal } from '../../testing/live-client.ts';
import { startApi, type TestApi, type TestNode, type TestPerson } from '../../testing/start-api.ts';

const ALLOWED = 'https://app.example';
const FOREIGN = ['https://elsewhere.example', 'https://app.example.evil.example', 'http://app.example', 'null'];

let api: TestApi;
let nodes: TestNode[];
let dana: TestPerson;

beforeAll(async () => {
  api = await startApi({ ALLOWED_ORIGINS: ALLOWED });
  nodes = [api, await api.anotherNode()];
  dana = await api.signUpOwner('Dana');
});
afterAll(() => api.close());

const preflight = (node: TestNode, origin: string) =>
  fetch(`${node.url}/api/messages/send`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

describe('a page of another origin', () => {
  it('may call every node where that origin is allowed, and read what is left of its limits', async () => {
    for (const node of nodes) {
      const { headers } = await preflight(node, ALLOWED);
      expect(headers.get('access-control-allow-origin')).toBe(ALLOWED);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      const answer = await fetch(`${node.url}/api/me`, {
        headers: { origin: ALLOWED, authorization: `Bearer ${dana.token}` },
      });
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'x-request-id,ratelimit,ratelimit-policy,retry-after',
      );
    }
  });

  it.each(FOREIGN)('is let read nothing by any node where it comes from %s', async (origin) => {
    for (const node of nodes) {
      const asked = await preflight(node, origin);
      expect(asked.headers.get('access-control-allow-origin')).not.toBe(origin);
      const answer = await fetch(`${node.url}/api/config`, { headers: { origin } });
      expect([origin, '*']).not.toContain(answer.headers.get('access-control-allow-origin'));
    }
  });

  it.each(FOREIGN)('does not sign anybody in from %s, nor hear what happens', async (origin) => {
    for (const node of nodes) {
      const response = await fetch(`${node.url}/api/auth/sign-up/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin, cookie: 'wasel.session_token=x' },
        body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID(), name: 'Eve' }),
      });
      expect(response.status).toBe(403);
      expect(await refusal(connectLive(node, dana, { origin }))).toMatchObject({ type: 'TransportError' });
    }
  });

  it('hears what happens from every node where it is allowed', async () => {
    for (const node of nodes) {
      const socket = connectLive(node, dana, { origin: ALLOWED });
      expect(await readyCursor(socket)).toMatch(/^\d+-\d+$/);
      socket.disconnect();
    }
  });
});

it('takes two megabytes of JSON at the most, at every node', async () => {
  for (const node of nodes) {
    const send = (bytes: number) =>
      fetch(`${node.url}/api/me`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${dana.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x'.repeat(bytes) }),
      });
    expect((await send(2 * 1024 * 1024)).status).toBe(413);
    expect((await send(1024 * 1024)).status).toBe(422);
  }
});
