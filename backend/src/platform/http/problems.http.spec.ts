import { connect } from 'node:net';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../kernel/domain-error.ts';
import { Problem } from '../../kernel/problem.ts';
import { PROBLEMS } from '../../problem-catalogue.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';

let api: TestApi;
let dana: TestPerson;

beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana');
  await aSession(api.database.admin, OrganizationId.parse(dana.organization), { is_default: true });
});
afterAll(() => api.close());

/** The problem that a request is answered with, which names the request as the header does. */
async function problemOf(path: string, init: RequestInit = {}): Promise<Problem> {
  const response = await fetch(`${api.url}${path}`, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  return problem;
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Bearer ${dana.token}`, 'content-type': 'application/json', ...headers },
  body,
});

describe('a failure that is not of the product', () => {
  it.each([
    ['an unknown route of the API', '/api/nothing/here', {}, 404, 'not_found'],
    ['an unknown method of a known one', '/api/health', { method: 'DELETE' }, 404, 'not_found'],
    ['a place outside of the API', '/nothing', {}, 404, 'not_found'],
    ['a problem that there is not', '/problems/nothing', {}, 404, 'not_found'],
    ['a path that is no text', '/api/messages/%ff', {}, 400, 'bad_request'],
  ] as const)('%s answers %p with its status and says nothing of us', async (_, path, init, status, code) => {
    const { request_id: _id, ...problem } = await problemOf(path, init);
    expect(problem).toEqual({ type: 'about:blank', status, code, title: expect.any(String) });
  });

  it('malformed JSON answers 400, a body that is too large 413, one in an unknown charset 415', async () => {
    expect(await problemOf('/api/organizations', post('{"name": '))).toMatchObject({
      status: 400,
      type: 'about:blank',
    });
    const large = JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) });
    expect(await problemOf('/api/organizations', post(large))).toMatchObject({ status: 413, type: 'about:blank' });
    const strange = post('{}', { 'content-type': 'application/json; charset=x-strange' });
    expect(await problemOf('/api/organizations', strange)).toMatchObject({ status: 415, type: 'about:blank' });
  });

  it('what is no JSON is a request that is not as described', async () => {
    const problem = await problemOf('/api/organizations', post('name=Acme', { 'content-type': 'text/plain' }));
    expect(problem).toMatchObject({ status: 422, code: 'request_invalid', type: '/problems/request_invalid' });
  });
});

it.each([
  ['a query', 'GET', '/conversations?search=%00', undefined],
  [
    'a column',
    'POST',
    '/organizations',
    { name: 'Ac\0me', country: 'IL', language: 'en', time_zone: 'Asia/Jerusalem' },
  ],
  ['a column and a JSON', 'POST', '/sessions/create', { name: 'Front\0desk' }],
  ['SQL by hand', 'POST', '/messages/send', { type: 'text', to: '+972501234567', text: 'a\0b' }],
])('a NUL in %s is refused by name', async (_, method, path, body) => {
  expect(await dana.call(method, path, body)).toMatchObject({ status: 422, body: { code: 'text_not_storable' } });
});

describe('a bug', () => {
  it('answers 500 and leaks nothing but the name of the request', async () => {
    const rename = (from: string, to: string) => api.database.admin.query(`alter table ${from} rename to ${to}`);
    await rename('contacts', 'contacts_gone');
    const { body } = await dana.call('GET', '/conversations');
    await rename('contacts_gone', 'contacts');
    expect(body).toEqual({
      type: 'about:blank',
      code: 'internal_server_error',
      title: 'Internal Server Error',
      status: 500,
      request_id: expect.any(String),
    });
    expect((await dana.call('GET', '/conversations')).status).toBe(200);
  });
});

describe('the catalogue of problems', () => {
  it('has an example of every failure that has a name, and no two of one code', async () => {
    const source = new URL('../../', import.meta.url);
    const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.errors.ts'));
    const classes = new Set<unknown>();
    for (const file of files) {
      const exported = (await import(new URL(file, source).href)) as Record<string, unknown>;
      for (const one of Object.values(exported))
        if (typeof one === 'function' && one.prototype instanceof DomainError) classes.add(one);
    }
    expect(files.length).toBeGreaterThanOrEqual(6);
    const examples = new Set<unknown>(PROBLEMS.map(({ constructor }) => constructor));
    expect([...classes].filter((one) => !examples.has(one))).toEqual([]);
    const codes = PROBLEMS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^[a-z]+(_[a-z]+)*$/.test(code))).toEqual([]);
  });

  it.each(PROBLEMS.map((problem) => [problem.code, problem] as const))(
    'explains %s on a page',
    async (code, problem) => {
      const response = await fetch(`${api.url}/problems/${code}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const html = await response.text();
      for (const words of [problem.title, problem.detail, code]) expect(textOf(html)).toContain(words);
    },
  );

  it('lists them all, and escapes what it shows', async () => {
    const html = await (await fetch(`${api.url}/problems`)).text();
    for (const { code } of PROBLEMS) expect(html).toContain(`href="/problems/${code}"`);
    const page = await (await fetch(`${api.url}/problems/unauthenticated`)).text();
    expect(page).toContain('&quot;type&quot;: &quot;/problems/unauthenticated&quot;');
  });
});

/** Of a page, what a reader sees. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('bytes that are no request', () => {
  const answerTo = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(bytes));
      let heard = '';
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.on('close', () => resolve(heard));
      socket.on('error', reject);
    });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['two lengths', 'POST /api/me HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST /api/me HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers without end', `GET /api/me HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('as %s are answered as every failure, and end the connection', async (_, bytes, status) => {
    const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('application/problem+json');
    expect(Problem.parse(JSON.parse(body))).toMatchObject({ type: 'about:blank', status });
  });
});

it('keeps a line that is idle for longer than proxies do', async () => {
  const { headers } = await fetch(`${api.url}/api/health`);
  const seconds = Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1]);
  expect(seconds).toBeGreaterThan(60);
});
