import { EventEmitter } from 'node:events';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../../config/config.ts';
import { NodeId } from './node-id.ts';

/**
 * What nodes tell each other. A signal only says "look again": it may be lost, so whoever follows one also sweeps. What
 * must not be lost is a fact.
 */
export type SignalTopics = {
  /** Facts were committed. */
  facts: { organization: string };
  /** The outbox of a session has something new. */
  outbox: { session: string };
  /** Jobs began, or their state changed. */
  jobs: Record<string, never>;
  /** How far a job has come: told to whoever looks, and not kept. */
  job_progress: {
    organization: string;
    job_id: string;
    kind: string;
    state: string;
    total: number;
    counts: Readonly<Record<string, number>>;
    result: Readonly<Record<string, unknown>> | null;
  };
  /** Automations are to look for days that come. */
  calendar: Record<string, never>;
  /** Files are to be looked into. */
  media: Record<string, never>;
  /** A file of a session is to be fetched again. */
  files: { session: string };
  /** A person asked something of a session, or changed its settings. */
  session: { session: string };
  /** A session is to ask WhatsApp about numbers; and it has. */
  number_checks: { session: string };
  numbers_checked: { session: string };
  /** A session is to do something with a group; and it is done, or was given up. */
  group_actions: { session: string };
  group_action_ended: { action: string };
  /** Somebody wants to see pictures of groups that nobody has looked at. */
  group_pictures: { organization: string };
  /** An organization was suspended, or goes on. */
  suspension: { organization: string };
  /** Somebody's older access tokens ended. */
  tokens: Record<string, never>;
  /** Mails were written. */
  mails: Record<string, never>;
  /** Alerts are to be told elsewhere. */
  alert_deliveries: Record<string, never>;
  /** Events are to be told to customers' servers. */
  webhook_deliveries: Record<string, never>;
  /** Notifications were written. */
  notifications: Record<string, never>;
  /** An organization is to be deleted. */
  deletions: Record<string, never>;
  /** Leases were given up: take them now instead of when they expire. */
  leases: { node: string };
  /** A session that is being linked has a new QR or pairing code, or came to an end: connected, or at rest. */
  link: { organization: string; session: string };
};
export type SignalTopic = keyof SignalTopics;
type Signal = { [T in SignalTopic]: { topic: T; body: SignalTopics[T] } }[SignalTopic];

const CHANNEL = 'wasel';
/** What the connection of a node is called in `pg_stat_activity`, with its id behind: each node that is alive has one. */
export const SIGNALS_NAME = 'wasel signals ';
/** Signals of this long are sent as one NOTIFY: Postgres serialises the commits of notifiers. */
const COALESCE_MS = 25;
/** Postgres refuses payloads of 8,000 bytes. */
const PAYLOAD_MAX_BYTES = 7_500;
const RECONNECT_MS = 1_000;

/** The nodes' bus, over LISTEN/NOTIFY on a connection of its own. Never notifies inside a business transaction. */
@Injectable()
export class Signals implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(Signals.name);
  private readonly emitter = new EventEmitter().setMaxListeners(100);
  private readonly waiting = new Map<string, Signal>();
  private client: pg.Client | undefined;
  private flushTimer: NodeJS.Timeout | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly node: NodeId,
  ) {}

  /** False while other nodes cannot be heard. */
  get connected(): boolean {
    return this.client !== undefined;
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  /** Tells every node, this one included, soon after; equal signals in the meantime are one. Call it after commit. */
  send<T extends SignalTopic>(topic: T, body: SignalTopics[T]): void {
    const signal = { topic, body } as Signal;
    const key = JSON.stringify(signal);
    if (this.waiting.has(key)) return;
    this.waiting.set(key, signal);
    this.flushTimer ??= setTimeout(() => void this.flush(), COALESCE_MS);
  }

  /** @returns a function that ends the subscription. */
  on<T extends SignalTopic>(topic: T, listener: (body: SignalTopics[T]) => void): () => void {
    this.emitter.on(topic, listener);
    return () => this.emitter.off(topic, listener);
  }

  /** Called each time the bus is (again) connected: signals may have been missed, look at everything. */
  onConnected(listener: () => void): () => void {
    this.emitter.on('connected', listener);
    return () => this.emitter.off('connected', listener);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.reconnectTimer);
    await this.flush();
    this.stopped = true;
    await this.client?.end().catch(() => undefined);
  }

  private async flush(): Promise<void> {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    const signals = [...this.waiting.values()];
    this.waiting.clear();
    if (signals.length === 0) return;
    // This node needs no round trip; its own notification is dropped on arrival.
    for (const { topic, body } of signals) this.emitter.emit(topic, body);
    for (const payload of chunk(this.node.value, signals)) {
      await this.client?.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch((error: unknown) => {
        this.log.warn({ error: String(error) }, 'signal not sent; the other nodes will sweep');
      });
    }
  }

  private async connect(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client({
      connectionString: this.config.database.url,
      application_name: `${SIGNALS_NAME}${this.node.value}`,
      keepAlive: true,
    });
    client.on('error', () => undefined); // 'end' follows, and reconnects
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.client = client;
      this.emitter.emit('connected');
    } catch (error) {
      this.log.warn({ error: String(error) }, 'signals are down, trying again');
      await client.end().catch(() => undefined);
      this.lost(client);
    }
  }

  private lost(client: pg.Client): void {
    if (this.client === client) this.client = undefined;
    if (this.stopped || this.client || this.reconnectTimer) return;
    this.reconnectTimer = setTimeout(() => {
      this.reconnectTimer = undefined;
      void this.connect();
    }, RECONNECT_MS);
  }

  private receive(payload: string): void {
    const { from, signals } = JSON.parse(payload) as { from: string; signals: Signal[] };
    if (from === this.node.value) return;
    for (const { topic, body } of signals) this.emitter.emit(topic, body);
  }
}

/** Payloads that each fit one NOTIFY. Exported for its test. */
export function chunk(from: string, signals: readonly Signal[]): string[] {
  const payloads: string[] = [];
  let part: Signal[] = [];
  let size = 0;
  for (const signal of signals) {
    const length = Buffer.byteLength(JSON.stringify(signal)) + 1;
    if (part.length > 0 && size + length > PAYLOAD_MAX_BYTES) {
      payloads.push(JSON.stringify({ from, signals: part }));
      part = [];
      size = 0;
    }
    part.push(signal);
    size += length;
  }
  if (part.length > 0) payloads.push(JSON.stringify({ from, signals: part }));
  return payloads;
}
