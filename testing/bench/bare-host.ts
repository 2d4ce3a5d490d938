/**
 * A process that runs numbers with nothing but Baileys, as its documentation says: what Wasel is measured against. Told what
 * to do by its parent (`bare.ts`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type AuthenticationCreds,
  BufferJSON,
  DisconnectReason,
  initAuthCreds,
  makeWASocket,
  type SignalDataSet,
  type SignalKeyStore,
  WA_CERT_DETAILS,
  type WASocket,
} from '@whiskeysockets/baileys';
import pino from 'pino';
import { SandboxClient } from '../house/sandbox-client.ts';
import { DurableKeys } from './durable-keys.ts';

export type Command =
  | { do: 'link'; count: number }
  /** Connects the first `count` numbers that are known. */
  | { do: 'restore'; count: number }
  | { do: 'send'; sessions: number; messages: number; to: string }
  /** Writes everything that is in memory to a file. */
  | { do: 'dump'; file: string };

export type HostSettings = {
  sandboxUrl: string;
  /** Where keys are kept; without it they are in memory. */
  durable: { databaseUrl: string; key: string } | null;
  /** What `dump` has written. */
  file: string | null;
};

const settings = JSON.parse(process.argv[2] ?? '') as HostSettings;
const sandbox = new SandboxClient(settings.sandboxUrl);
const trust = await sandbox.call<{ waWebSocketUrl: string; rootPublicKey: string }>('GET', '/trust');
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(trust.rootPublicKey, 'hex');
// libsignal prints whole sessions; printing is not what is measured.
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined;

/** The keys of one number as a plain object. */
class MemoryKeys implements SignalKeyStore {
  constructor(readonly values: Record<string, unknown> = {}) {}

  get(type: string, ids: string[]) {
    return Object.fromEntries(ids.map((id) => [id, this.values[`${type}/${id}`]]).filter(([, v]) => v)) as never;
  }

  set(data: SignalDataSet) {
    for (const [type, rows] of Object.entries(data)) {
      for (const [id, value] of Object.entries(rows)) {
        if (value === null) delete this.values[`${type}/${id}`];
        else this.values[`${type}/${id}`] = value;
      }
    }
  }
}

type Stored = {
  keys: SignalKeyStore;
  creds: AuthenticationCreds;
  saveCreds: (creds: AuthenticationCreds) => Promise<void>;
};

async function load(): Promise<Stored[]> {
  if (durable) return durable.all();
  if (!settings.file) return [];
  const stored = JSON.parse(readFileSync(settings.file, 'utf8'), BufferJSON.reviver) as {
    values: Record<string, unknown>;
    creds: AuthenticationCreds;
  }[];
  return stored.map(({ values, creds }) => inMemory(new MemoryKeys(values), creds));
}

const inMemory = (keys: MemoryKeys, creds: AuthenticationCreds): Stored => ({
  keys,
  creds,
  saveCreds: () => Promise.resolve(),
});

const durable = settings.durable
  ? await DurableKeys.open(settings.durable.databaseUrl, settings.durable.key)
  : undefined;
const known: Stored[] = await load();
const sockets: WASocket[] = [];

/** Resolves when the number is connected; links it first when it is not. */
function connect(stored: Stored): Promise<WASocket> {
  const socket = makeWASocket({
    auth: { creds: stored.creds, keys: stored.keys },
    waWebSocketUrl: trust.waWebSocketUrl,
    logger: pino({ level: 'silent' }),
    generateHighQualityLinkPreview: false,
    syncFullHistory: false,
  });
  socket.ev.on('creds.update', () => void stored.saveCreds(stored.creds));
  return new Promise((resolve, reject) => {
    socket.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) void scan(qr);
      if (connection === 'open') resolve(socket);
      if (connection !== 'close') return;
      const code = (lastDisconnect?.error as { output?: { statusCode?: number } } | undefined)?.output?.statusCode;
      if (code === DisconnectReason.restartRequired) connect(stored).then(resolve, reject);
      else reject(new Error(`closed with ${code}`));
    });
  });
}

async function scan(qr: string): Promise<void> {
  const phone = await sandbox.createPhone({ name: 'Bench' });
  await sandbox.call('POST', `/phones/${phone}/scan`, { qr });
}

async function newNumber(): Promise<Stored> {
  return durable ? durable.create() : inMemory(new MemoryKeys(), initAuthCreds());
}

/** At most ten at once, as Wasel does. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

async function link(count: number): Promise<void> {
  await inTurns(
    Array.from({ length: count }, (_, n) => n),
    async () => {
      const number = await newNumber();
      sockets.push(await connect(number));
      known.push(number);
    },
  );
}

async function send(sessions: number, messages: number, to: string): Promise<void> {
  await Promise.all(
    sockets.slice(0, sessions).map(async (socket) => {
      for (let n = 0; n < messages; n += 1)
        await socket.sendMessage(`${to}@s.whatsapp.net`, { text: `message ${n} of many` });
    }),
  );
}

async function run(command: Command): Promise<void> {
  if (command.do === 'link') return link(command.count);
  if (command.do === 'send') return send(command.sessions, command.messages, command.to);
  if (command.do === 'restore')
    return inTurns(known.slice(0, command.count), async (stored) => void sockets.push(await connect(stored)));
  const state = known.map(({ keys, creds }) => ({ values: (keys as MemoryKeys).values, creds }));
  writeFileSync(command.file, JSON.stringify(state, BufferJSON.replacer));
}

process.on('message', (command: Command) => {
  run(command).then(
    () => process.send?.({ done: true }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({ done: true });
