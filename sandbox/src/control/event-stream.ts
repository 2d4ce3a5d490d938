/** `GET /events`: server-sent events, one JSON object each, for the page of phones and for tests. */
import type { SandboxEvents } from '../server/events.ts';
import type { Call } from './http.ts';

/** Proxies and browsers drop silent connections. */
const KEEP_ALIVE_MS = 15_000;

/** @param phone only events of this phone; undefined: of all. */
export function streamEvents(events: SandboxEvents, { response }: Call, phone: string | undefined): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  // The first line tells the client that from now on it misses nothing.
  response.write('event: ready\ndata: {}\n\n');
  const unsubscribe = events.subscribe((event) => {
    if (phone === undefined || event.phone === phone) response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
  response.on('close', () => {
    unsubscribe();
    clearInterval(keepAlive);
  });
}
