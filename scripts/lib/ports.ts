import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { isSystemError } from './user-facing-error.ts';

const HOST = '127.0.0.1';

/** Below the ports that systems give to outgoing connections, so that none takes it while its owner restarts. */
const PORTS = { from: 10_000, to: 32_000 };

/** @returns a port on loopback that nobody listened on a moment ago; two that ask at once hardly ever get the same. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(PORTS.from, PORTS.to);
  return (await listenError(port, HOST)) === undefined ? port : findFreePort();
}

/** @returns why nothing can listen there, in one line with the cure; undefined when it can. */
export async function whyUnusable(port: number, host: string): Promise<string | undefined> {
  const addresses = host === HOST ? [HOST, '::1'] : [host];
  for (const address of addresses) {
    const code = await listenError(port, address);
    if (code === 'EADDRINUSE') {
      return `Port ${port} is taken: stop what uses it, or choose another one, for instance PORT=${port + 1} npm start`;
    }
    if (code === 'EACCES') return `Port ${port} needs more permission: choose one above 1023, for instance PORT=3000`;
    // A browser may try ::1 for localhost, but a machine need not have it.
    if (code !== undefined && address !== '::1')
      return `HOST is "${host}", which is no address of this machine (${code})`;
  }
  return undefined;
}

async function listenError(port: number, host: string): Promise<string | undefined> {
  const server = createServer().listen({ port, host, ipv6Only: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    if (isSystemError(error)) return error.code;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

/** @returns the ports of last time, as far as they are free: a bookmark and a client's setting stay valid. */
export async function stablePorts<Name extends string>(file: string, names: Name[]): Promise<Record<Name, number>> {
  const known = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Partial<Record<Name, number>>;
  const ports = {} as Record<Name, number>;
  for (const name of names) {
    const earlier = known[name];
    const reusable = earlier !== undefined && (await listenError(earlier, HOST)) === undefined;
    ports[name] = reusable ? earlier : await findFreePort();
  }
  writeFileSync(file, JSON.stringify({ ...known, ...ports }));
  return ports;
}
