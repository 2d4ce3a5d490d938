import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlProblem, SandboxControl } from '../testing/sandbox-control.ts';
import { type Sandbox, startSandbox } from '../index.ts';

describe('the control API', () => {
  let sandbox: Sandbox;
  let control: SandboxControl;
  let maya: string;
  let omar: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    control = await new SandboxControl(sandbox.url).follow();
    maya = (await control.createPhone({ phone: '+12025550101', name: 'Maya' })).phone;
    omar = (await control.createPhone({ name: 'Omar' })).phone;
  });
  afterAll(async () => {
    control.close();
    await sandbox.close();
  });

  function request(
    path: string,
    options: http.RequestOptions,
    body?: string,
  ): Promise<{ status: number | undefined; body: string; type: string | undefined }> {
    return new Promise((resolve, reject) => {
      const call = http.request(`${sandbox.url}${path}`, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, body: text, type: response.headers['content-type'] }),
        );
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  it('tells everything that a client needs to trust it', async () => {
    const trust = await control.trust();
    expect(trust).toMatchObject({ environment: 'SANDBOX', rootPublicKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(trust.waWebSocketUrl).toBe(`${sandbox.url.replace('http', 'ws')}/ws/chat`);
    expect(trust.mediaCa).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('gives a phone without a number a free one, and no two the same', async () => {
    expect(omar).toMatch(/^1\d{3}55501\d{2}$/);
    await expect(control.createPhone({ phone: maya })).rejects.toMatchObject({ status: 409 });
    expect((await control.phones()).map(({ phone }) => phone)).toEqual([maya, omar]);
  });

  it('takes numbers with and without the plus', async () => {
    expect((await control.phone(`+${maya}`)).phone).toBe(maya);
    await control.sendText(maya, `+${omar}`, 'with a plus');
    expect((await control.text(omar, 'with a plus')).from).toBe(maya);
  });

  it.each([
    ['POST', '/phones', { phone: 'abc' }, 400],
    ['POST', '/phones', { unknown: 1 }, 400],
    ['POST', '/phones/12025550101/messages', { to: '12025550102' }, 400],
    ['POST', '/phones/12025550101/messages', { to: '12025550109', text: 'nobody' }, 404],
    ['POST', '/phones/12025550101/messages', { to: '12025550101', media: { kind: 'image' } }, 400],
    ['POST', '/phones/12025550101/messages', { to: '12025550101', media: { kind: 'smell', base64: 'AAAA' } }, 400],
    ['POST', '/phones/12025550199/scan', { qr: 'x' }, 404],
    ['POST', '/phones/12025550101/scan', { qr: 'no QR code of ours' }, 400],
    [
      'POST',
      '/phones/12025550101/scan',
      { qr: `2@unknown,${'A'.repeat(43)}=,${'A'.repeat(43)}=,${'A'.repeat(43)}=,1` },
      404,
    ],
    ['POST', '/phones/12025550101/pair', { code: 'short' }, 400],
    ['POST', '/phones/12025550101/pair', { code: 'ABCD1234' }, 404],
    ['DELETE', '/phones/12025550101/devices/7', undefined, 404],
    ['POST', '/faults', { target: '*', kind: 'earthquake' }, 400],
    ['POST', '/faults', { target: '*', kind: 'delay' }, 400],
    ['POST', '/faults', { target: '12025550101', kind: 'media-gone' }, 400],
    ['GET', '/nowhere', undefined, 404],
    ['PATCH', '/stats', {}, 405],
  ])('answers %s %s %j with a problem, status %s', async (method, path, body, status) => {
    const answer = await request(
      path,
      { method, headers: { 'content-type': 'application/json' } },
      body && JSON.stringify(body),
    );
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(JSON.parse(answer.body)).toMatchObject({ status, detail: expect.any(String) });
  });

  it('points to what is wrong', async () => {
    const refused = await control.createPhone({ phone: '12', name: '' }).catch((error: ControlProblem) => error);
    expect(refused).toBeInstanceOf(ControlProblem);
    expect((refused as ControlProblem).body).toMatchObject({ errors: [{ pointer: '#/phone' }, { pointer: '#/name' }] });
  });

  it.each([
    ['another host name', { host: 'attacker.example:80' }],
    ['a foreign page', { origin: 'https://attacker.example' }],
  ])('refuses %s', async (_who, headers) => {
    expect(await request('/phones', { headers })).toMatchObject({ status: 403 });
  });

  it('takes JSON only, as no form of a foreign page can send it', async () => {
    const answer = await request('/phones', { method: 'POST', headers: { 'content-type': 'text/plain' } }, '{}');
    expect(answer.status).toBe(400);
  });

  it('sends once what is sent twice with the same id', async () => {
    const [first, again] = [
      await control.sendText(maya, omar, 'once', 'SAME-ID'),
      await control.sendText(maya, omar, 'once', 'SAME-ID'),
    ];
    expect(again).toMatchObject({ id: 'SAME-ID', order: first.order });
    await control.text(omar, 'once');
    expect((await control.messages(omar, maya)).filter(({ id }) => id === 'SAME-ID')).toHaveLength(1);
  });

  it('lists from a cursor on, and by partner', async () => {
    const before = (await control.messages(maya)).at(-1)?.order ?? '';
    await control.sendText(maya, omar, 'news');
    expect((await control.messages(maya, omar, before)).map(({ text }) => text)).toEqual(['news']);
    expect(await control.messages(maya, '12025550177')).toEqual([]);
  });

  it('follows a message through its life: sent, delivered, read', async () => {
    const sent = await control.sendText(maya, omar, 'follow me');
    expect(sent.status).toBe('sent');
    expect(await control.status(maya, sent.id, 'delivered')).toMatchObject({
      deliveredAt: expect.any(String),
      readAt: null,
    });
    expect((await control.chats(omar))[0]).toMatchObject({ with: maya, name: 'Maya', last: { text: 'follow me' } });
    expect((await control.read(omar, maya)).ids).toContain(sent.id);
    const read = await control.status(maya, sent.id, 'read');
    expect(read.readAt).not.toBeNull();
    expect((await control.chats(omar))[0]?.unread).toBe(0);
    expect((await control.read(omar, maya)).ids).toEqual([]);
  });

  it('sends nothing from a phone that is offline', async () => {
    await control.offline(maya);
    await expect(control.sendText(maya, omar, 'from nowhere')).rejects.toMatchObject({ status: 409 });
    expect((await control.online(maya)).online).toBe(true);
  });

  it('fetches a file from a URL', async () => {
    const files = http.createServer((_request, response) => response.end('contents')).listen(0, '127.0.0.1');
    await new Promise((resolve) => files.once('listening', resolve));
    const { port } = files.address() as { port: number };
    const sent = await control.sendMedia(maya, omar, {
      kind: 'document',
      url: `http://127.0.0.1:${port}/a.txt`,
      fileName: 'a.txt',
    });
    await control.message(omar, 'the file', ({ id }) => id === sent.id);
    expect((await control.media(omar, sent.id)).toString()).toBe('contents');
    files.close();
    await expect(
      control.sendMedia(maya, omar, { kind: 'image', url: `http://127.0.0.1:${port}/gone` }),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('serves what people send each other as files, not as pages', async () => {
    const sent = await control.sendMedia(maya, omar, {
      kind: 'document',
      base64: 'PGI+',
      mimetype: 'text/html',
      fileName: 'a.html',
    });
    await control.message(omar, 'the file', ({ id }) => id === sent.id);
    const response = await fetch(`${sandbox.url}/phones/${omar}/media/${sent.id}`);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('takes a silent phone for a contact that confirms nothing', async () => {
    const { phone } = await control.createPhone({ silent: true });
    const sent = await control.sendText(maya, phone, 'into the void');
    expect(sent.status).toBe('sent');
    expect(await control.messages(phone)).toEqual([]);
  });
});

describe('the sandbox in production', () => {
  it('does not start', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(startSandbox()).rejects.toThrow('does not start with NODE_ENV=production');
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
