import { setImmediate } from 'node:timers/promises';
import {
  type AuthenticationCreds,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import { boundedMap } from './bounded-map.ts';
import { SessionOffline } from '../sessions.errors.ts';
import type { InboxRow, KeyChanges, SessionKeysRepository } from '../session-keys.repository.ts';
import type { Lease } from '../session-traffic.ts';

/** Values kept in memory per session: the ratchets of some hundred chats. A value weighs 0.5 to 5 kB. */
const CACHE_ENTRIES_MAX = 1_000;
/** Read now and again but written once: not worth keeping. */
const UNCACHED: ReadonlySet<string> = new Set(['pre-key']);

const INBOX = 'inbox';

/** A delivery as data for `set`, to be stored with the keys of the same transaction. */
export const deliveryIn = (row: InboxRow): SignalDataSet => ({ [INBOX]: { [row.id]: row } }) as SignalDataSet;

type Waiting = { resolve: () => void; reject: (reason: unknown) => void };
type Entry = { type: string; id: string; value: unknown };

/**
 * The keys of one session under one lease, as Baileys asks for them.
 *
 * Writes leave in the order in which they were asked for, one statement at a time; what is asked for while one is under way
 * goes together in the next. A write resolves when it is committed, and only then does the cache change. When one fails, or
 * the lease is stale, nothing of this store can be trusted any more: the cache is dropped, every later write is refused, and
 * `onBroken` is called at once, before any caller hears of it, so that no ciphertext leaves that depends on it.
 */
export class KeyStore implements SignalKeyStore {
  private readonly cache = boundedMap<{ value: unknown }>(CACHE_ENTRIES_MAX);
  private readonly queued = new Map<string, Entry>();
  private readonly delivered = new Map<string, InboxRow>();
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;

  constructor(
    private readonly keys: SessionKeysRepository,
    private readonly lease: Lease,
    private readonly onBroken: (error: Error) => void,
  ) {}

  /** @throws KeysUnreadable when credentials are there and do not open; a session without any gets new ones. */
  async loadCreds(): Promise<AuthenticationCreds> {
    const stored = (await this.keys.read(this.lease, 'creds', [''])).get('');
    return stored ? (decode('creds', stored) as AuthenticationCreds) : initAuthCreds();
  }

  saveCreds(creds: AuthenticationCreds): Promise<void> {
    return this.enqueue([{ type: 'creds', id: '', value: creds }], []);
  }

  async get<T extends keyof SignalDataTypeMap>(
    type: T,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    if (this.broken) throw this.broken;
    const found: { [id: string]: SignalDataTypeMap[T] } = {};
    const missing: string[] = [];
    for (const id of ids) {
      const cached = this.cache.get(`${type}/${id}`);
      if (!cached) missing.push(id);
      else if (cached.value !== null) found[id] = cached.value as SignalDataTypeMap[T];
    }
    if (missing.length === 0) return found;

    const stored = await this.read(type, missing);
    for (const id of missing) {
      const bytes = stored.get(id);
      const value = bytes ? decode(type, bytes) : null;
      // A write that was committed while we read is newer than what we read.
      const newer = this.cache.get(`${type}/${id}`);
      if (!newer && !UNCACHED.has(type)) this.cache.set(`${type}/${id}`, { value });
      const current = newer ? newer.value : value;
      if (current !== null) found[id] = current as SignalDataTypeMap[T];
    }
    return found;
  }

  /**
   * Baileys takes a failure to read a ratchet for "there is none", and would make a new one over it: such a failure ends
   * the connection.
   */
  private async read(type: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    try {
      return await this.keys.read(this.lease, type, ids);
    } catch (reason) {
      this.break(reason instanceof Error ? reason : new Error(String(reason)));
      throw reason;
    }
  }

  /** Besides Signal's own types takes `inbox` (see `deliveryIn`), so that a ratchet step and what it opened are one commit. */
  set(data: SignalDataSet): Promise<void> {
    const { [INBOX]: delivered = {}, ...keys } = data as SignalDataSet & { [INBOX]?: Record<string, InboxRow> };
    return this.enqueue(entriesOf(keys), Object.values(delivered));
  }

  /** Stores what WhatsApp delivered. */
  deliver(row: InboxRow): Promise<void> {
    return this.enqueue([], [row]);
  }

  /** Resolves when everything asked for so far is committed. */
  async drained(): Promise<void> {
    if (this.queued.size > 0 || this.writing) await this.enqueue([], []);
  }

  private enqueue(entries: readonly Entry[], delivered: readonly InboxRow[]): Promise<void> {
    if (this.broken) return Promise.reject(this.broken);
    for (const entry of entries) this.queued.set(`${entry.type}/${entry.id}`, entry);
    for (const row of delivered) this.delivered.set(row.id, row);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      // After this turn of the event loop: a message is encrypted for each device, and that is one commit.
      this.writing ??= setImmediate().then(() => this.write());
    });
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0 && !this.broken) {
      const waiting = this.waiting;
      const entries = [...this.queued.values()];
      const changes = changesOf(entries, [...this.delivered.values()]);
      this.waiting = [];
      this.queued.clear();
      this.delivered.clear();
      try {
        if (entries.length > 0 || changes.delivered.length > 0) await this.keys.save(this.lease, changes);
        for (const { type, id, value } of entries) {
          if (UNCACHED.has(type)) this.cache.delete(`${type}/${id}`);
          else this.cache.set(`${type}/${id}`, { value: value ?? null });
        }
        for (const { resolve } of waiting) resolve();
      } catch (reason) {
        this.break(reason instanceof Error ? reason : new Error(String(reason)));
        for (const { reject } of waiting) reject(reason);
      }
    }
    this.writing = undefined;
  }

  private break(error: Error): void {
    this.broken = error;
    this.onBroken(error);
    this.refuse(error);
  }

  /**
   * The connection is over, and the next one has a store of its own: two that step the same ratchets would fork them.
   * Resolves when the write under way has ended; what was not begun is refused, as is everything later.
   */
  async retire(): Promise<void> {
    this.refuse(new SessionOffline());
    await this.writing;
  }

  private refuse(error: Error): void {
    this.broken ??= error;
    this.cache.clear();
    this.queued.clear();
    this.delivered.clear();
    for (const { reject } of this.waiting) reject(error);
    this.waiting = [];
  }
}

function entriesOf(data: SignalDataSet): Entry[] {
  return Object.entries(data).flatMap(([type, values]) =>
    Object.entries(values as Record<string, unknown>).map(([id, value]) => ({ type, id, value })),
  );
}

function changesOf(entries: readonly Entry[], delivered: readonly InboxRow[]): KeyChanges {
  const gone = entries.filter(({ value }) => value === null || value === undefined);
  const kept = entries.filter(({ value }) => value !== null && value !== undefined);
  return {
    removed: gone,
    stored: kept.map(({ type, id, value }) => ({ type, id, plain: encode(type, value) })),
    delivered,
  };
}

/** Signal's records are bytes or hold bytes; Baileys' own JSON dialect keeps those apart from text. */
function encode(type: string, value: unknown): Uint8Array {
  if (type === 'app-state-sync-key')
    return proto.Message.AppStateSyncKeyData.encode(value as proto.Message.IAppStateSyncKeyData).finish();
  return Buffer.from(JSON.stringify(value, BufferJSON.replacer));
}

function decode(type: string, bytes: Buffer): unknown {
  if (type === 'app-state-sync-key') return proto.Message.AppStateSyncKeyData.decode(bytes);
  return JSON.parse(bytes.toString(), BufferJSON.reviver) as unknown;
}
