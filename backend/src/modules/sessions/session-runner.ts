import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import { AddressNotAllowed } from '../../platform/http/public-fetch.errors.ts';
import type { Signals } from '../../platform/signals/signals.ts';
import { KeysUnreadable, StaleLease } from './sessions.errors.ts';
import { type Effect, type Event, STABLE_AFTER_MS, type State, step, viewOf } from './sessions.machine.ts';
import type { Session, SessionsRepository, StateChange } from './sessions.repository.ts';
import { DeadLines } from './dead-lines.ts';
import type { Lease } from './session-traffic.ts';
import type { SessionKeysRepository } from './session-keys.repository.ts';
import type { SessionRestrictionsRepository } from './session-restrictions.repository.ts';
import type { IncomingCall } from './whatsapp/calls.ts';
import type { Behaviour, ConnectionListener, LinkedAccount } from './whatsapp/connection-options.ts';
import { PING_MS, type WhatsAppConnection } from './whatsapp/connection.ts';

/** How long a number that is being unlinked may take to connect, so that it can say so. */
const GOODBYE_MS = 15_000;

/** Nothing was heard for so long although the server was asked: the number looks alive and is dead. */
const DEAF_MS = 1.5 * PING_MS;

/** The session is unlinked, and with `deleted` it disappears too. */
type Goodbye = Readonly<{ deleted: boolean }>;

/** Opens a connection for a lease; the whole of WhatsApp, as a runner sees it. */
export type OpenConnection = (
  lease: Lease,
  pairingPhone: string | null,
  behaviour: () => Behaviour,
  listener: ConnectionListener,
) => Promise<WhatsAppConnection>;

export type RunnerDeps = Readonly<{
  sessions: SessionsRepository;
  keys: SessionKeysRepository;
  restrictions: SessionRestrictionsRepository;
  signals: Signals;
  clock: Clock;
  open: OpenConnection;
  /** A turn to connect; resolves when few enough others are connecting. @returns gives the turn back */
  turn: () => Promise<() => void>;
  /** The runner is done with the session, or has lost it. */
  ended: (runner: SessionRunner) => void;
}>;

/**
 * Runs one session while this node owns it: feeds the machine one event at a time, carries out its effects, writes down its
 * states, and works towards what a person last asked for. Ends when the session has come to rest, or another node owns it.
 */
export class SessionRunner {
  private readonly log = new Logger(SessionRunner.name);
  private state: State = { name: 'resting', state: 'disconnected', reason: 'not_linked' };
  private session!: Session & { pairingPhone: string | null };
  private connection: WhatsAppConnection | undefined;
  /** Names the connection whose events count; those of an earlier one are late. */
  private generation = 0;
  private tail: Promise<void> = Promise.resolve();
  private cancelTimer: (() => void) | undefined;
  private giveTurnBack: (() => void) | undefined;
  private ending = false;
  /** A person wants the number unlinked, and WhatsApp has still to be told. */
  private goodbye: Goodbye | undefined;
  private account: LinkedAccount | undefined;
  /** Which of the number's proxies the connection goes through. */
  private routeVersion: number | undefined;
  private readonly deadLines = new DeadLines();
  /** The line was found dead once too often, which has still to be said. */
  private silent = false;
  lastHeardAt: Date | undefined;
  /** The same on the monotonic clock. */
  private heardAtMs = 0;
  /** When the present connection was opened, on the monotonic clock. */
  private openedAtMs: number | undefined;

  constructor(
    readonly lease: Lease,
    private readonly deps: RunnerDeps,
  ) {}

  /** Looks at what is asked for, and does it. Called at start and whenever a person asked for something. */
  reconsider(): void {
    this.enqueue(async () => {
      const { markOnline } = this.session ?? {};
      this.session = await this.deps.sessions.load(this.lease);
      if (markOnline !== undefined && markOnline !== this.session.markOnline && this.connected)
        this.connection?.tellPresence();
      const { intent, enabled, intentVersion, settledVersion } = this.session;
      if (intentVersion === settledVersion) return this.end();
      if (intent === 'delete') return this.sayGoodbye({ deleted: true });
      if (intent === 'log_out') return this.sayGoodbye({ deleted: false });
      if (intent === 'stop') return this.apply({ name: 'rest', reason: 'stopped' });
      if (!enabled) return this.apply({ name: 'rest', reason: 'disabled' });
      if (this.state.name !== 'resting' && this.routeVersion !== this.session.proxyVersion)
        return this.apply({ name: 'reroute' });
      return this.apply({ name: 'start' });
    });
  }

  /** Another node owns the session, or this one stops: everything is closed, and nothing more is written. */
  async abandon(): Promise<void> {
    this.ending = true;
    this.generation += 1;
    this.cancelTimer?.();
    this.giveTurnBack?.();
    const { connection } = this;
    this.connection = undefined;
    await connection
      ?.close()
      .catch((error: unknown) => this.log.warn({ error: String(error) }, 'session did not close cleanly'));
  }

  get connected(): boolean {
    return this.state.name === 'connected';
  }

  /** How long the present connection has been open. */
  get connectedForMs(): number {
    return this.connected && this.openedAtMs !== undefined ? this.deps.clock.monotonicMs() - this.openedAtMs : 0;
  }

  /** Called every few seconds: a connection that has gone dead is ended, so that the machine opens another. */
  endIfDeaf(): void {
    if (!this.connected || this.deps.clock.monotonicMs() - this.heardAtMs < DEAF_MS) return;
    this.log.warn({ session: this.lease.session }, 'nothing heard for too long, connecting anew');
    this.connection?.cut();
    this.silent = this.deadLines.found(this.deps.clock.monotonicMs());
    this.heardAtMs = this.deps.clock.monotonicMs(); // cut once; its end may take a while to be handled
  }

  private enqueue(work: () => Promise<unknown>): void {
    this.tail = this.tail.then(async () => {
      if (this.ending) return;
      try {
        await work();
      } catch (error) {
        await this.failed(error);
      }
    });
  }

  /** The database may be away: the same is tried again. A lease that is gone ends it. */
  private async failed(error: unknown): Promise<void> {
    if (error instanceof StaleLease) return this.lost();
    this.log.warn({ session: this.lease.session, error: String(error) }, 'session step failed, trying again');
    this.cancelTimer?.();
    this.cancelTimer = this.deps.clock.setTimeout(() => this.recover(), 1_000);
  }

  private recover(): void {
    const { state } = this;
    if (state.name === 'waiting') this.enqueue(() => this.apply({ name: 'retry-due' }));
    else if (state.name === 'connecting' && !this.connection) this.enqueue(() => this.carryOut({ do: 'open' }));
    else this.enqueue(() => this.save());
    this.reconsider();
  }

  private async lost(): Promise<void> {
    await this.abandon();
    this.deps.ended(this);
  }

  private async apply(event: Event): Promise<void> {
    const before = viewOf(this.state);
    const [state, ...effects] = step(this.state, event, Math.random());
    this.state = state;
    const now = viewOf(state);
    const changed = before.state !== now.state || before.reason !== now.reason || before.attempts !== now.attempts;
    if (effects.some((effect) => effect.do === 'close')) await this.closeConnection();
    if (effects.some((effect) => effect.do === 'forget-keys')) await this.deps.keys.forget(this.lease);
    if (changed || state.name === 'resting') await this.save(effects.some((effect) => effect.do === 'forget-keys'));
    for (const effect of effects) await this.carryOut(effect);
    if (state.name === 'resting') await this.end();
  }

  private async save(forgetAccount = false): Promise<void> {
    const { state, account } = this;
    const { session, clock, sessions, signals } = { session: this.session, ...this.deps };
    const change: StateChange = {
      ...viewOf(state),
      ...(account ? { account } : {}),
      forgetAccount,
      silent: this.silent && state.name !== 'connected',
      ...(this.lastHeardAt ? { seenAt: this.lastHeardAt } : {}),
      ...(state.name === 'connected' ? { connectedSince: clock.now() } : { connectedSince: null }),
      ...(state.name === 'resting' ? { settledVersion: session.intentVersion } : {}),
    };
    await sessions.saveState(this.lease, change);
    if (change.silent) this.silent = false;
    if (state.name === 'resting' || state.name === 'connected') {
      await sessions.saveLink(this.lease, {});
      this.tellLink();
    }
    signals.send('facts', { organization: this.lease.organization });
  }

  private tellLink(): void {
    const { organization, session } = this.lease;
    this.deps.signals.send('link', { organization, session });
  }

  private async carryOut(effect: Effect): Promise<void> {
    if (effect.do === 'open') await this.open();
    if (effect.do === 'retry') this.timer(effect.inMs, { name: 'retry-due' });
    if (effect.do === 'watch-stability') this.timer(STABLE_AFTER_MS, { name: 'stayed' });
  }

  private timer(ms: number, event: Event): void {
    this.cancelTimer?.();
    this.cancelTimer = this.deps.clock.setTimeout(() => this.enqueue(() => this.apply(event)), ms);
  }

  private async open(): Promise<void> {
    await this.closeConnection();
    const generation = this.generation;
    this.routeVersion = this.session.proxyVersion;
    this.giveTurnBack = await this.deps.turn();
    if (this.ending || generation !== this.generation) return this.giveTurnBack();
    try {
      this.connection = await this.deps.open(
        this.lease,
        this.session.pairingPhone,
        () => this.session,
        this.listenerOf(generation),
      );
    } catch (error) {
      this.giveTurnBack();
      if (error instanceof StaleLease) throw error;
      if (error instanceof KeysUnreadable)
        return this.apply({ name: 'rest', state: 'error', reason: 'keys_unreadable' });
      this.log.warn({ session: this.lease.session, error: String(error) }, 'session did not open');
      const proxyFault = error instanceof AddressNotAllowed ? 'proxy_unreachable' : null;
      await this.apply({ name: 'closed', code: 0, linked: true, autoReconnect: true, proxyFault });
    }
  }

  /** Late events of an earlier connection are dropped. */
  private listenerOf(generation: number): ConnectionListener {
    const { sessions, clock, signals } = this.deps;
    const current = (work: () => Promise<unknown>) =>
      this.enqueue(async () => (generation === this.generation ? work() : undefined));
    const show = (link: Parameters<SessionsRepository['saveLink']>[1]) =>
      current(async () => {
        this.giveTurnBack?.();
        await sessions.saveLink(this.lease, link);
        await this.apply({ name: 'code-shown' });
        this.tellLink();
      });
    return {
      qr: (qr, expiresAt) => show({ qr, qr_expires_at: expiresAt.toISOString() }),
      pairingCode: (code) => show({ pairing_code: code }),
      linked: (account) => current(async () => void (this.account = account)),
      opened: (account) =>
        current(async () => {
          this.giveTurnBack?.();
          this.account = account;
          this.openedAtMs = clock.monotonicMs();
          await this.apply({ name: 'opened' });
          if (this.goodbye) await this.unlink(this.goodbye);
        }),
      called: (call) => current(async () => this.onCall(call)),
      restricted: (restrictions) =>
        current(async () => {
          const { organization, session } = this.lease;
          if (!(await this.deps.restrictions.save(this.lease, restrictions))) return;
          signals.send('outbox', { session });
          signals.send('facts', { organization });
        }),
      heard: () => {
        this.lastHeardAt = clock.now();
        this.heardAtMs = clock.monotonicMs();
      },
      passkeyWanted: () => current(() => this.apply({ name: 'passkey-wanted' })),
      closed: (code, error, proxyFault) =>
        current(async () => {
          this.giveTurnBack?.();
          if (error instanceof StaleLease) return this.lost();
          this.connection = undefined;
          if (this.goodbye) return this.unlink(this.goodbye);
          const linked = this.account !== undefined || this.session.whatsappJid !== null;
          const { autoReconnect } = this.session;
          await this.apply({ name: 'closed', code, linked, autoReconnect, proxyFault });
        }),
    };
  }

  /** Not waited for: WhatsApp's answer to it may never come. */
  private onCall(call: IncomingCall): void {
    const { rejectCalls, rejectCallsText } = this.session;
    if (!rejectCalls) return;
    this.connection?.rejectCall(call, rejectCallsText).catch((error: unknown) => {
      this.log.warn({ session: this.lease.session, error: String(error) }, 'call not rejected');
    });
  }

  private async closeConnection(): Promise<void> {
    this.generation += 1;
    this.cancelTimer?.();
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  /** WhatsApp is told that this device goes. A number that is linked and not connected connects for it, once. */
  private async sayGoodbye(goodbye: Goodbye): Promise<void> {
    if (this.state.name === 'connected' || this.session.whatsappJid === null) return this.unlink(goodbye);
    this.goodbye = goodbye;
    if (!this.connection) await this.open();
    this.cancelTimer?.();
    this.cancelTimer = this.deps.clock.setTimeout(() => this.enqueue(() => this.unlink(goodbye)), GOODBYE_MS);
  }

  /** Tells WhatsApp, when it can be told, and forgets the link in any case: a person asked for it. */
  private async unlink({ deleted }: Goodbye): Promise<void> {
    await this.connection?.logOut().catch((error: unknown) => {
      this.log.warn({ session: this.lease.session, error: String(error) }, 'WhatsApp could not be told of a log-out');
    });
    await this.closeConnection();
    await this.deps.keys.forget(this.lease);
    this.state = { name: 'resting', state: 'disconnected', reason: 'logged_out' };
    await this.deps.sessions.saveState(this.lease, {
      ...viewOf(this.state),
      connectedSince: null,
      settledVersion: this.session.intentVersion,
      forgetAccount: true,
      deleted,
    });
    this.deps.signals.send('facts', { organization: this.lease.organization });
    await this.end();
  }

  private async end(): Promise<void> {
    await this.abandon();
    this.deps.ended(this);
  }
}
