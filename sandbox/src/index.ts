/** `startSandbox`: WhatsApp's servers and its phones on this machine, for the process (`main.ts`) and for tests. */
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pino from 'pino';
import { assertLocal } from './control/http.ts';
import { controlApi, type Trust } from './control/control-api.ts';
import { Phones } from './phone/phones.ts';
import type { AddressingMode } from './protocol/jid.ts';
import { createNoisePki, type NoisePki } from './protocol/noise-pki.ts';
import type { Log } from './server/context.ts';
import type { SandboxEvents } from './server/events.ts';
import { MediaHost } from './server/media-host.ts';
import { WhatsAppServer } from './server/server.ts';
import { createTlsIdentity, type TlsIdentity } from './server/tls-identity.ts';
import { fileMediaStore, memoryMediaStore } from './store/media-store.ts';
import { Store } from './store/store.ts';

export type { Trust } from './control/control-api.ts';
export type { GroupLogView, GroupSummary, GroupView, ParticipantView } from './control/group-views.ts';
export type { ChatView, DeviceView, MessageView, PhoneView } from './control/views.ts';
export type { FaultOptions } from './server/faults.ts';
export type { SandboxEvent } from './server/events.ts';

const CHAT_PATH = '/ws/chat';

/** Longer than clients keep a line that is idle, however busy the machine: a line closed just when it is used again fails. */
const KEEP_ALIVE_MS = 75_000;

export type SandboxOptions = Readonly<{
  /** Port of control API, page and chat socket. Default 0: a free one. */
  port?: number;
  /** Port of the media host. Default 0: a free one. Links to media hold it, so a state that is kept wants a fixed one. */
  mediaPort?: number;
  /** Where state is kept over restarts. Without it everything is in memory. One sandbox at a time may use it. */
  stateDir?: string;
  /** Which address messages are delivered under. Default `lid`, as WhatsApp does since 2025. */
  addressing?: AddressingMode;
  log?: Log;
}>;

export type Sandbox = Readonly<{
  /** Base URL of control API and page, e.g. `http://127.0.0.1:4500`. */
  url: string;
  trust: Trust;
  phones: Phones;
  events: SandboxEvents;
  close: () => Promise<void>;
}>;

/** Starts a sandbox on 127.0.0.1. @throws when run in production, or when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (process.env['NODE_ENV'] === 'production') throw new Error('The sandbox does not start with NODE_ENV=production.');
  const { stateDir, log = pino({ level: 'silent' }) } = options;
  const store = await openStore(stateDir);
  const pki = (keptSetting(store, 'noise-pki') as NoisePki | undefined) ?? keep(store, 'noise-pki', createNoisePki());
  const tls =
    (keptSetting(store, 'tls-identity') as TlsIdentity | undefined) ??
    keep(store, 'tls-identity', await createTlsIdentity());

  const media = stateDir === undefined ? memoryMediaStore() : fileMediaStore(join(stateDir, 'media'));
  const mediaHost = new MediaHost(tls, media);
  const server = new WhatsAppServer({
    store,
    pki,
    addressing: options.addressing ?? 'lid',
    log,
    phones: (context, desk) => new Phones(context, desk, mediaHost),
    mediaHost: () => mediaHost.address,
    keepMedia: (bytes) => mediaHost.keep(bytes),
  });
  const { context, desk, phones } = server;
  await mediaHost.listen(options.mediaPort ?? 0, context.faults);

  const front = http.createServer((request, response) => void router.handle(request, response));
  front.keepAliveTimeout = KEEP_ALIVE_MS;
  const trust = (): Trust => ({
    environment: 'SANDBOX',
    waWebSocketUrl: `ws://127.0.0.1:${(front.address() as AddressInfo).port}${CHAT_PATH}`,
    rootPublicKey: pki.rootPublicKey.toString('hex'),
    mediaCa: tls.caCertificate,
  });
  const router = controlApi({ context, desk, phones, mediaHost, trust });
  front.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] === CHAT_PATH && isLocal(request)) server.upgrade(request, socket, head);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) =>
    front.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve),
  );
  phones.start();

  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    trust: trust(),
    phones,
    events: context.events,
    close: async () => {
      await server.close();
      await mediaHost.close();
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await phones.close();
      await store.close();
    },
  };
}

async function openStore(stateDir: string | undefined): Promise<Store> {
  if (stateDir === undefined) return new Store();
  mkdirSync(stateDir, { recursive: true });
  // Loaded only when needed: it is a native addon.
  const { openLmdb } = await import('./store/lmdb-persistence.ts');
  return new Store(openLmdb(join(stateDir, 'state')));
}

/** Settings are written by this file alone, so their types are known. */
function keptSetting(store: Store, name: string): unknown {
  return store.tables.settings.get('', name);
}

function keep<T>(store: Store, name: string, value: T): T {
  store.transaction(() => store.tables.settings.put('', name, value));
  return value;
}

/** Clients of the chat socket send WhatsApp's own origin, so only the host is checked. */
function isLocal(request: http.IncomingMessage): boolean {
  try {
    const { origin: _whatsAppsOrigin, ...headers } = request.headers;
    assertLocal({ headers });
    return true;
  } catch {
    return false;
  }
}
