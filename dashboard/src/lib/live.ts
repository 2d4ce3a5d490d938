'use client';
import type { QueryClient } from '@tanstack/react-query';
import type { LiveEventName, SessionLink } from '@wasel/backend/contract';
import type { io, Socket } from 'socket.io-client';
import { session } from './auth';

/** How long after a refusal, as by a token that has just run out, the door is knocked at again. */
const REFUSED_RETRY_MS = 5_000;

/** Between two rounds of questions. */
const GATHER_MS = 200;
/** An answer that takes longer does not keep the other questions waiting. */
const ANSWER_MAX_MS = 5_000;

type Line = Readonly<{ cache: QueryClient; organization: string; onState: (connected: boolean) => void }>;

/** Apart from the sessions: a number that has just been linked has no code to be asked for again. */
export const linkKey = (sessionId: string) => ['session-links', sessionId] as const;

/**
 * Follows what happens and has the queries that show it ask again: one source of truth, no second reducer. The client of
 * Socket.IO is loaded here, after the page is there.
 */
export function followLive(line: Line): () => void {
  let leave: (() => void) | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let left = false;
  const begin = (): void =>
    void import('socket.io-client').then(
      (client) => {
        if (!left) leave = follow(client.io, line);
      },
      () => {
        if (left) return;
        line.onState(false);
        retry = setTimeout(begin, REFUSED_RETRY_MS);
      },
    );
  begin();
  return () => {
    left = true;
    clearTimeout(retry);
    leave?.();
  };
}

/**
 * Has the queries of a key ask again, all of them without one. What happens while they ask, or just after, is asked for
 * together: ten thousand messages that leave are not as many questions, and no answer is thrown away for the next one.
 */
function gathered(cache: QueryClient): (...key: readonly unknown[]) => void {
  const waiting = new Map<string, readonly unknown[]>();
  let asking = false;
  const pause = (ms: number) => new Promise((over) => setTimeout(over, ms));
  async function ask(): Promise<void> {
    asking = true;
    while (waiting.size > 0) {
      const keys = [...waiting.values()];
      waiting.clear();
      const answers = Promise.allSettled(keys.map((queryKey) => cache.invalidateQueries({ queryKey })));
      await Promise.race([answers, pause(ANSWER_MAX_MS)]);
      await pause(GATHER_MS);
    }
    asking = false;
  }
  return (...key) => {
    waiting.set(JSON.stringify(key), key);
    if (!asking) void ask();
  };
}

/** The socket remembers the last cursor that it saw, so that nothing is missed while it is away. */
function follow(connect: typeof io, { cache, organization, onState }: Line): () => void {
  let cursor: string | undefined;
  const socket: Socket = connect({
    path: '/socket.io',
    transports: ['websocket'],
    auth: (send) =>
      void session
        .token()
        .catch(() => null) // refused then, and tried again below
        .then((token) => send({ token, organization_id: organization, ...(cursor ? { cursor } : {}) })),
  });
  const again = gathered(cache);
  const all = (...names: readonly string[]) => names.forEach((name) => again(name));
  const on = (name: LiveEventName, react: () => void) =>
    socket.on(name, (body: { cursor?: string }) => {
      cursor = body.cursor ?? cursor;
      react();
    });

  // A number's state and settings say what its messages wait for.
  for (const name of ['session.status', 'session.updated'] as const)
    on(name, () => all('sessions', 'health', 'messages'));
  for (const name of ['message.created', 'message.status', 'message.updated'] as const)
    on(name, () => all('messages', 'conversations', 'health'));
  for (const name of ['organization.suspended', 'organization.unsuspended'] as const)
    on(name, () => all('me', 'messages', 'activity'));
  for (const name of ['contact.created', 'contact.updated'] as const) on(name, () => again('contacts'));
  on('contact.merged', () => all('contacts', 'conversations', 'messages'));
  on('conversation.read', () => again('conversations'));
  for (const name of ['organization.deletion_requested', 'organization.restored'] as const)
    on(name, () => all('me', 'messages'));
  for (const name of ['alert.raised', 'alert.acknowledged', 'alert.resolved'] as const) on(name, () => again('alerts'));
  on('alert_destination.updated', () => again('alert-destinations'));
  for (const name of ['webhook_endpoint.updated', 'delivery.failed'] as const)
    on(name, () => all('webhook-endpoints', 'webhook-deliveries', 'alerts'));
  // What was read before the line stood may lack what happened until then.
  for (const name of ['live.ready', 'live.reset'] as const) on(name, () => again());
  socket.on('session.qr', ({ session_id: id, ...link }: { session_id: string } & SessionLink) =>
    cache.setQueryData(linkKey(id), link),
  );
  // No fact: what was missed while the line was down is asked for.
  for (const name of ['job.progress', 'connect']) socket.on(name, () => again('jobs'));
  socket.on('connect', () => onState(true));
  socket.on('disconnect', (reason) => {
    onState(false);
    if (reason === 'io server disconnect') socket.connect(); // the token ran out: come back with a new one
  });
  let retry: ReturnType<typeof setTimeout> | undefined;
  socket.on('connect_error', ({ data }: Error & { data?: { code?: string } }) => {
    onState(false);
    // A token may end before its time.
    if (data?.code === 'unauthenticated') void session.token({ fresh: true }).catch(() => null);
    if (!socket.active) retry = setTimeout(() => socket.connect(), REFUSED_RETRY_MS); // a refusal is not tried again by itself
  });
  return () => {
    clearTimeout(retry);
    socket.disconnect();
  };
}
