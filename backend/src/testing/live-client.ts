import { io, type Socket } from 'socket.io-client';
import type { TestNode, TestPerson } from './start-api.ts';

/** What a test may change about the way in which a person connects. */
export type ConnectOptions = { auth?: Record<string, unknown>; origin?: string; address?: string };

/** A browser's socket to one node. It does not come back by itself: a test says when. */
export function connectLive(
  node: TestNode,
  person: TestPerson,
  { auth, origin, address }: ConnectOptions = {},
): Socket {
  const extraHeaders = {
    ...(origin === undefined ? {} : { origin }),
    ...(address === undefined ? {} : { 'x-forwarded-for': address }),
  };
  return io(node.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: person.token, organization_id: person.organization, ...auth },
    extraHeaders,
  });
}

/** The body of the next event of a name. */
export const nextEvent = <Body = Record<string, unknown>>(socket: Socket, event: string): Promise<Body> =>
  new Promise((resolve) => socket.once(event, (body: Body) => resolve(body)));

/** Where a client is that has just connected: it is told with its first event. */
export const readyCursor = async (socket: Socket): Promise<string> =>
  (await nextEvent<{ cursor: string }>(socket, 'live.ready')).cursor;

/** What the server answers when it lets a client not in. */
export const refusal = (socket: Socket): Promise<Error & { data?: { code: string } }> =>
  new Promise((resolve) => socket.once('connect_error', resolve));
