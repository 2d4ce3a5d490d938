import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AddressNotAllowed, AddressUnreachable, AnswerTooLarge, TooManyRedirects } from './public-fetch.errors.ts';
import { isPublic } from './public-address.ts';
import { PublicFetch, type PublicFetchOptions, type Resolve } from './public-fetch.ts';

/** A server of somebody else's, which answers as a test says. It stands at 127.0.0.1, which the tests open for it. */
let server: Server;
let answer: RequestListener;
let heard: IncomingMessage[];
let port: number;

beforeEach(async () => {
  heard = [];
  answer = (_, response) => response.end('hello');
  server = createServer((request, response) => {
    heard.push(request);
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A DNS that says another address each time that it is asked for a name, and the last one from then on. */
class Rebinding {
  asked: string[] = [];
  constructor(private readonly answers: Record<string, (readonly string[])[]>) {}
  resolve: Resolve = (host) => {
    const known = this.answers[host] ?? [[]];
    const times = this.asked.filter((one) => one === host).length;
    this.asked.push(host);
    return Promise.resolve(known[Math.min(times, known.length - 1)] ?? []);
  };
}

const always = (...addresses: string[]) => [addresses];
const names = new Rebinding({ 'shop.example': always('127.0.0.1'), 'other.example': always('127.0.0.1') });
const fetching = (options: PublicFetchOptions = {}) =>
  new PublicFetch({ resolve: names.resolve, allowedNetworks: ['127.0.0.1/32'], ...options });
const at = (path = '/', host = 'shop.example') => `http://${host}:${port}${path}`;
const redirect =
  (to: string, status = 302): RequestListener =>
  (request, response) =>
    request.url === '/end' ? response.end('end') : response.writeHead(status, { location: to }).end();

const HOSTILE = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.0.0.1./',
  'http://①②⑦.0.0.1/',
  'http://0/',
  'http://0.0.0.0/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1/',
  'http://100.100.100.200/',
  'http://192.0.0.192/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://[::]/',
  'http://[::1]/',
  'http://[::127.0.0.1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::a00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[ff02::1]/',
  'http://[100::1]/',
  'http://[2001:db8::1]/',
  'http://user@8.8.8.8/',
  'http://user:password@8.8.8.8/',
  'http://8.8.8.8@127.0.0.1/',
  'file:///etc/passwd',
  'ftp://8.8.8.8/',
  'gopher://8.8.8.8/',
  'data:text/plain,hello',
  'javascript:alert(1)',
  '//8.8.8.8/',
  '/etc/passwd',
  'http://',
  'http://[/',
  '',
];

describe('an address that somebody typed in', () => {
  it.each(HOSTILE)('is not called when it is %p', async (address) => {
    const nobody: Resolve = (host) => Promise.reject(new Error(`${host} is no name to ask for`));
    await expect(new PublicFetch({ resolve: nobody }).fetch(address)).rejects.toBeInstanceOf(AddressNotAllowed);
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2001:4860:4860::8888', '2606:4700::1111'])(
    'is public when it is %s',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );

  it('is not called when its name leads to a private network, alone or beside a public address', async () => {
    for (const addresses of [['10.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::ffff:10.0.0.1'], ['localhost']]) {
      const { resolve } = new Rebinding({ 'inside.example': [addresses] });
      await expect(new PublicFetch({ resolve }).fetch('http://inside.example/')).rejects.toBeInstanceOf(
        AddressNotAllowed,
      );
    }
  });

  it('is called at a private network that the operator opened, and at no other', async () => {
    expect((await fetching().fetch(at())).body.toString()).toBe('hello');
    const closed = fetching({ allowedNetworks: ['127.0.0.2/32'] });
    await expect(closed.fetch(at())).rejects.toBeInstanceOf(AddressNotAllowed);
    expect(heard).toHaveLength(1);
  });
});

describe('a name', () => {
  it('that says something else a moment later is not asked again: the address that was looked at is called', async () => {
    const rebinding = new Rebinding({ 'shop.example': [['127.0.0.1'], ['10.0.0.1']] });
    const { body } = await fetching({ resolve: rebinding.resolve }).fetch(at());
    expect(body.toString()).toBe('hello');
    expect(rebinding.asked).toEqual(['shop.example']);
    expect(heard[0]?.headers.host).toBe(`shop.example:${port}`);
  });

  it('that says something else for the redirect is found out', async () => {
    answer = redirect('/again');
    const rebinding = new Rebinding({ 'shop.example': [['127.0.0.1'], ['169.254.169.254']] });
    await expect(fetching({ resolve: rebinding.resolve }).fetch(at())).rejects.toBeInstanceOf(AddressNotAllowed);
    expect(heard).toHaveLength(1);
  });

  it('that there is not, or that nobody listens at, is unreachable', async () => {
    await expect(fetching().fetch('http://nowhere.example/')).rejects.toBeInstanceOf(AddressUnreachable);
    const away: Resolve = () => Promise.reject(new Error('SERVFAIL'));
    await expect(fetching({ resolve: away }).fetch(at())).rejects.toBeInstanceOf(AddressUnreachable);
    await expect(fetching().fetch('http://shop.example:1/')).rejects.toBeInstanceOf(AddressUnreachable);
  });
});

describe('a redirect', () => {
  it.each([
    'http://169.254.169.254/',
    'http://[::1]/',
    'file:///etc/passwd',
    'http://user@shop.example/',
    '//10.0.0.1/',
  ])('to %s is not followed', async (to) => {
    answer = redirect(to);
    await expect(fetching().fetch(at())).rejects.toBeInstanceOf(AddressNotAllowed);
    expect(heard).toHaveLength(1);
  });

  it('is followed, and so often only', async () => {
    answer = redirect('/end');
    expect(await fetching().fetch(at())).toMatchObject({ status: 200, url: at('/end') });
    answer = redirect('/again');
    heard = [];
    await expect(fetching({ redirectsMax: 2 }).fetch(at())).rejects.toBeInstanceOf(TooManyRedirects);
    expect(heard).toHaveLength(3);
  });

  it('to another host takes no secrets along', async () => {
    answer = redirect(at('/end', 'other.example'));
    const headers = { authorization: 'Bearer x', 'webhook-signature': 'v1,x', 'user-agent': 'Wasel' };
    await fetching().fetch(at(), { headers });
    expect(
      heard.map((one) => [one.headers.authorization, one.headers['webhook-signature'], one.headers['user-agent']]),
    ).toEqual([
      ['Bearer x', 'v1,x', 'Wasel'],
      [undefined, undefined, 'Wasel'],
    ]);
  });

  it.each([
    [302, ['POST', 'GET']],
    [307, ['POST', 'POST']],
  ])('with %i has the methods %p', async (status, methods) => {
    answer = redirect('/end', status);
    await fetching().fetch(at(), { method: 'POST', body: '{}' });
    expect(heard.map(({ method }) => method)).toEqual(methods);
  });
});

describe('an answer', () => {
  it('that does not begin, or does not end, is not waited for', async () => {
    answer = () => undefined;
    await expect(fetching({ timeoutMs: 100 }).fetch(at())).rejects.toBeInstanceOf(AddressUnreachable);
    answer = (_, response) => void response.write('for ever');
    await expect(fetching({ timeoutMs: 100 }).fetch(at())).rejects.toBeInstanceOf(AddressUnreachable);
    const silent: Resolve = () => new Promise(() => undefined);
    await expect(fetching({ timeoutMs: 100, resolve: silent }).fetch(at())).rejects.toBeInstanceOf(AddressUnreachable);
  });

  it('that is too large is not read to its end, whatever it says of its length', async () => {
    let written = 0;
    answer = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000))) written += 10_000;
      };
      response.on('drain', more);
      more();
    };
    await expect(fetching({ bytesMax: 20_000 }).fetch(at())).rejects.toBeInstanceOf(AnswerTooLarge);
    expect(written).toBeLessThan(50_000_000);
    answer = (_, response) => response.end('x'.repeat(20_000));
    expect((await fetching({ bytesMax: 20_000 }).fetch(at())).body).toHaveLength(20_000);
  });
});
