'use client';
import type { QueryClient } from '@tanstack/react-query';
import type { LiveEventName, SessionLink } from '@wasel/backend/contract';
import type { io, Socket } from 'socket.io-client';
import { session } from './auth';

/** How long after a refusal, as by a token that has just run out, the door is knocked at again. */
const REFUSED_RETRY_MS = 5_000;

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
  const again = (...keys: readonly unknown[]) => void cache.invalidateQueries({ queryKey: [...keys] });
  const all = (...names: readonly string[]) => names.forEach((name) => again(name));
  const on = (name: LiveEventName, react: () => void) =>
    socket.on(name, (body: { cursor?: string }) => {
      cursor = body.cursor ?? cursor;
      react();
    });

  // A number's state and settings say what its messages wait for.
  for (const name of ['session.status', 'session.updated'] as const)
    on(name, () => all('sessions', 'health', 'messages'));
  for (const name of ['message.created', 'message.status'] as const)
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
  // What was read before the line stood may lack what happened until then.
  for (const name of ['live.ready', 'live.reset'] as const) on(name, () => again());
  socket.on('session.qr', ({ session_id: id, ...link }: { session_id: string } & SessionLink) =>
    cache.setQueryData(linkKey(id), link),
  );
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
