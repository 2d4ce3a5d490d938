/** The control API: what tests, tools and the page of phones can make the phones and the server do. */
import { proto } from '@whiskeysockets/baileys';
import { decryptMedia } from '../phone/media-cipher.ts';
import { type MediaPointer, mediaPointer } from '../phone/message-content.ts';
import { parseGroupJid } from '../protocol/jid.ts';
import type { ChatMessage } from '../store/rows.ts';
import type { VirtualPhone } from '../phone/phone.ts';
import type { Phones } from '../phone/phones.ts';
import type { ServerContext } from '../server/context.ts';
import { callsOf, endCall, placeCall } from '../server/calls.ts';
import type { Directory } from '../server/directory.ts';
import { findGroup } from '../server/groups/book.ts';
import { tellDirtyGroups } from '../server/groups/notifications.ts';
import { unlinkDevice } from '../server/devices.ts';
import { setBlocked } from '../server/iq/settings.ts';
import type { MediaHost } from '../server/media-host.ts';
import type { PairingDesk } from '../server/pairing.ts';
import { restrict } from '../server/restrictions.ts';
import { SandboxError } from '../server/sandbox-error.ts';
import { streamEvents } from './event-stream.ts';
import { composeRequest } from './compose-request.ts';
import { addGroupRoutes } from './group-routes.ts';
import { type Call, parse, Router } from './http.ts';
import * as schema from './schemas.ts';
import { addWebPage } from './web-page.ts';
import { type MessageView, viewChats, viewMessage, viewPhone } from './views.ts';

/** What a client needs to trust the sandbox instead of WhatsApp. */
export type Trust = Readonly<{
  /** So that nobody mistakes it for the real thing. */
  environment: 'SANDBOX';
  waWebSocketUrl: string;
  /** 32 bytes in hex: Baileys' `WA_CERT_DETAILS.PUBLIC_KEY`. */
  rootPublicKey: string;
  /** PEM of the authority behind the media host's certificate. */
  mediaCa: string;
}>;

export type ControlRooms = Readonly<{
  context: ServerContext;
  desk: PairingDesk;
  phones: Phones;
  mediaHost: MediaHost;
  trust: () => Trust;
}>;

export function controlApi(rooms: ControlRooms): Router {
  const router = new Router();
  addPhoneRoutes(router, rooms);
  addRestrictionRoutes(router, rooms);
  addLinkRoutes(router, rooms);
  addMessageRoutes(router, rooms);
  addCallRoutes(router, rooms);
  addGroupRoutes(router, rooms);
  addSandboxRoutes(router, rooms);
  addWebPage(router);
  return router;
}

function addPhoneRoutes(router: Router, { context, desk, phones }: ControlRooms): void {
  const view = (phone: string) => viewPhone(context, phone, desk.codeRequest(phone) !== undefined);
  const on = phoneRoute(phones);
  router
    .on('POST', '/phones', ({ body }) => {
      const { groupsByInvitationOnly = false, ...options } = parse(schema.CreatePhone, body);
      const { phone } = phones.create(options);
      if (groupsByInvitationOnly) setGroupPrivacy(context.directory, phone, groupsByInvitationOnly);
      return view(phone);
    })
    .on('GET', '/phones', () => context.directory.accounts().map(({ phone }) => view(phone)))
    .on(
      'GET',
      '/phones/:phone',
      on(({ phone }) => view(phone)),
    )
    .on(
      'PATCH',
      '/phones/:phone',
      on(async (phone, { body }) => {
        const { name, groupsByInvitationOnly, ...change } = parse(schema.ChangePhone, body);
        context.directory.update(phone.phone, change);
        if (groupsByInvitationOnly !== undefined)
          setGroupPrivacy(context.directory, phone.phone, groupsByInvitationOnly);
        if (name !== undefined) await phone.rename(name);
        context.events.emit({ type: 'phone', phone: phone.phone });
        return view(phone.phone);
      }),
    )
    .on(
      'POST',
      '/phones/:phone/offline',
      on((phone, { body }) => {
        parse(schema.Nothing, body);
        phone.setOnline(false);
        return view(phone.phone);
      }),
    )
    .on(
      'POST',
      '/phones/:phone/online',
      on((phone, { body }) => {
        parse(schema.Nothing, body);
        phone.setOnline(true);
        return view(phone.phone);
      }),
    )
    .on(
      'POST',
      '/phones/:phone/block',
      on(({ phone }, { body }) => {
        const { phone: other, blocked } = parse(schema.Block, body);
        setBlocked(context, phone, phones.require(other).phone, blocked);
        return view(phone);
      }),
    );
}

/** Nobody has contacts here, so that "only my contacts" is nobody. */
function setGroupPrivacy(directory: Directory, phone: string, byInvitationOnly: boolean): void {
  const { privacy } = directory.requireAccount(phone);
  directory.update(phone, { privacy: { ...privacy, groupadd: byInvitationOnly ? 'contacts' : 'all' } });
}

/** What WhatsApp does to an account. */
function addRestrictionRoutes(router: Router, { context, desk, phones }: ControlRooms): void {
  const on = phoneRoute(phones);
  router.on(
    'POST',
    '/phones/:phone/restrictions',
    on(({ phone }, { body }) => {
      const { reachOutUntil, newChats } = parse(schema.Restrict, body);
      restrict(context, phone, {
        ...(reachOutUntil === undefined
          ? {}
          : { reachOutUntil: reachOutUntil === null ? null : Date.parse(reachOutUntil) }),
        ...(newChats === undefined
          ? {}
          : {
              newChats: newChats && { quota: newChats.quota, begun: [], cycleEnds: Date.parse(newChats.cycleEnds) },
            }),
      });
      return viewPhone(context, phone, desk.codeRequest(phone) !== undefined);
    }),
  );
  router.on(
    'POST',
    '/phones/:phone/dirty',
    on(({ phone }, { body }) => {
      parse(schema.Nothing, body);
      tellDirtyGroups(context, phone);
    }),
  );
}

function addLinkRoutes(router: Router, { context, phones }: ControlRooms): void {
  const on = phoneRoute(phones);
  router
    .on(
      'POST',
      '/phones/:phone/scan',
      on(async (phone, { body }) => ({ device: await phone.linking.scan(parse(schema.Scan, body).qr) })),
    )
    .on(
      'POST',
      '/phones/:phone/pair',
      on(async (phone, { body }) => ({ device: await phone.linking.enterCode(parse(schema.Pair, body).code) })),
    )
    .on(
      'DELETE',
      '/phones/:phone/devices/:id',
      on(({ phone }, { params }) => {
        const id = parse(schema.DeviceId, params['id']);
        if (!context.directory.companion({ phone, id }))
          throw new SandboxError('not-found', `+${phone} has no linked device ${id}.`);
        unlinkDevice(context, { phone, id }, 'phone');
      }),
    );
}

function addMessageRoutes(router: Router, rooms: ControlRooms): void {
  const { context, phones, mediaHost } = rooms;
  const on = phoneRoute(phones);
  router
    .on(
      'GET',
      '/phones/:phone/chats',
      on((phone) => viewChats(context, phone)),
    )
    .on(
      'GET',
      '/phones/:phone/messages',
      on((phone, { query }) => listMessages(phone, query)),
    )
    .on(
      'POST',
      '/phones/:phone/messages',
      on(async (phone, { body }) => {
        const request = parse(schema.SendMessage, body);
        requireChat(rooms, request.to);
        const message = await composeRequest({ context, mediaHost }, phone, request);
        return viewMessage(await phone.send(request.to, message, request.id), phone.chats);
      }),
    )
    .on(
      'GET',
      '/phones/:phone/media/:messageId',
      on((phone, call) => sendMedia(phone, mediaHost, call)),
    )
    .on(
      'POST',
      '/phones/:phone/media/:messageId/expire',
      on(({ chats }, { params, body }) => {
        parse(schema.Nothing, body);
        mediaHost.expire(pointerOf(chats.findById(params['messageId'] ?? '')).directPath);
      }),
    )
    .on(
      'POST',
      '/phones/:phone/read',
      on((phone, { body }) => {
        const { with: partner, played } = parse(schema.Read, body);
        return { ids: phone.read(partner, played ? 'played' : 'read') };
      }),
    )
    .on(
      'POST',
      '/phones/:phone/typing',
      on((phone, { body }) => {
        const { to, state } = parse(schema.Typing, body);
        phone.type(requireChat(rooms, to), state);
      }),
    );
}

function addCallRoutes(router: Router, { context, phones }: ControlRooms): void {
  const on = phoneRoute(phones);
  router
    .on(
      'GET',
      '/phones/:phone/calls',
      on(({ phone }) => callsOf(context, phone)),
    )
    .on(
      'POST',
      '/phones/:phone/calls',
      on(({ phone }, { body }) => {
        const { to, video } = parse(schema.PlaceCall, body);
        if (!context.directory.requireAccount(phone).online)
          throw new SandboxError('conflict', 'This phone is offline. Bring it online, then call.');
        return placeCall(context, phone, phones.require(to).phone, video);
      }),
    )
    .on(
      'DELETE',
      '/phones/:phone/calls/:id',
      on(({ phone }, { params }) => {
        const call = callsOf(context, phone).find(({ id, from }) => id === params['id'] && from === phone);
        if (!call) throw new SandboxError('not-found', 'This phone makes no such call.');
        return endCall(context, call);
      }),
    );
}

function addSandboxRoutes(router: Router, { context, trust }: ControlRooms): void {
  const { stats, faults, connections, events, directory } = context;
  router
    .on('GET', '/trust', trust)
    .on('GET', '/faults', () => faults.list())
    .on('POST', '/faults', ({ body }) => faults.add(parse(schema.AddFault, body)))
    .on('DELETE', '/faults', () => faults.clear())
    .on('GET', '/stats', () => ({
      connections: connections.count,
      phones: directory.accounts().length,
      stanzas: { in: stats.stanzasIn, out: stats.stanzasOut },
      unknownStanzas: stats.unknown,
      iqs: stats.iqs,
      messagesRelayed: stats.messagesRelayed,
      duplicates: stats.duplicates,
      undecryptable: stats.undecryptable,
      protocolViolations: stats.protocolViolations,
    }))
    .on('GET', '/events', (call) => streamEvents(events, call, call.query['phone']?.replace('+', '')));
}

/** @throws SandboxError unless there is such a phone, or such a group. */
function requireChat({ context, phones }: ControlRooms, chat: string): string {
  if (parseGroupJid(chat) === undefined) return phones.require(chat).phone;
  if (!findGroup(context, chat)) throw new SandboxError('not-found', 'There is no such group.');
  return chat;
}

/** Finds the phone that the path names. */
function phoneRoute(phones: Phones) {
  return (handler: (phone: VirtualPhone, call: Call) => unknown) => (call: Call) =>
    handler(phones.require(parse(schema.PhoneNumber, call.params['phone'])), call);
}

function listMessages({ chats }: VirtualPhone, query: Call['query']): MessageView[] {
  const { with: partner, after = '' } = parse(schema.ListMessages, query);
  const views = chats
    .list(partner)
    .filter((row) => row.order > after)
    .map((row) => viewMessage(row, chats));
  return views.filter(({ kind }) => kind !== 'edit' && kind !== 'delete' && kind !== 'vote');
}

/** @throws SandboxError when the message has no file */
function pointerOf(row: ChatMessage | undefined): MediaPointer {
  const pointer = row && !row.deletedAt ? mediaPointer(proto.Message.decode(row.content)) : undefined;
  if (!pointer) throw new SandboxError('not-found', 'There is no such file.');
  return pointer;
}

async function sendMedia({ chats }: VirtualPhone, mediaHost: MediaHost, { params, response }: Call): Promise<void> {
  const pointer = pointerOf(chats.findById(params['messageId'] ?? ''));
  const ciphertext = mediaHost.find(pointer.directPath);
  if (!ciphertext) throw new SandboxError('gone', 'The file is no longer at the media host.');
  const plaintext = await decryptMedia(ciphertext, pointer.mediaKey, pointer.hkdfType);
  response.setHeader('content-type', pointer.facts.mimetype);
  // What people send each other is shown, not run.
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', "default-src 'none'; sandbox");
  response.end(plaintext);
}
