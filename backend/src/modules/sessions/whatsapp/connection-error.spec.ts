import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { speaksOfConnection } from './connection-error.ts';

it('knows what a socket says when the other side has gone', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[there]] = await Promise.all([accepted, once(socket, 'connect')]);
  const failed = once(socket, 'error');
  there.resetAndDestroy();
  for (let n = 0; n < 50; n += 1) socket.write(Buffer.alloc(1_000_000));
  const [failure] = (await failed) as [Error];
  server.close();
  expect(failure).toHaveProperty('code', expect.stringMatching(/^E/));
  expect(speaksOfConnection(failure)).toBe(true);
});

it.each([
  [428, true],
  [408, true],
  [500, false],
  [400, false],
])('takes %s of Baileys for the connection: %s', (statusCode, expected) => {
  expect(speaksOfConnection(Object.assign(new Error('said'), { output: { statusCode } }))).toBe(expected);
});

it('takes an error of our own for none', () => {
  expect(speaksOfConnection(new TypeError('no'))).toBe(false);
});
