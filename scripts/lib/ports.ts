import { once } from 'node:events';
import { createServer } from 'node:net';
import { isSystemError } from './user-facing-error.ts';

const HOST = '127.0.0.1';

/** @returns a port on loopback that nobody listened on a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The probe has no port.');
  return address.port;
}

/** @returns false also when the current user may not listen on it (below 1024). */
export async function isPortFree(port: number, host = HOST): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (isSystemError(error, 'EADDRINUSE', 'EACCES')) return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
