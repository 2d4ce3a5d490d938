'use client';
import type { QueryClient } from '@tanstack/react-query';
import { type LiveEventName, SessionLink } from '@wasel/backend/contract';
import { io, type Socket } from 'socket.io-client';
import { session } from './auth';

/** How long after a refusal, as by a token that has just run out, the door is knocked at again. */
const REFUSED_RETRY_MS = 5_000;

/** Apart from the sessions: a number that has just been linked has no code to be asked for again. */
export const linkKey = (sessionId: string) => ['session-links', sessionId] as const;

/**
 * Follows what happens and has the queries that show it ask again: one source of truth, no second reducer. The socket
 * remembers the last cursor that it saw, so that nothing is missed while it is away.
 */
export function followLive(
  cache: QueryClient,
  organization: string,
  onState: (connected: boolean) => void,
): () => void {
  let cursor: string | undefined;
  const socket: Socket = io({
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
  on('conversation.read', () => again('conversations'));
  on('live.ready', () => undefined);
  on('live.reset', () => again());
  socket.on('session.qr', ({ session_id: id, ...link }: { session_id: string }) =>
    cache.setQueryData(linkKey(id), SessionLink.parse(link)),
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
