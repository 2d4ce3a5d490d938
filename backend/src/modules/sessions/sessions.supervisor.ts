import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import type { SessionId } from '../../kernel/ids.ts';
import { Metrics } from '../../platform/metrics/metrics.ts';
import { NodeId } from '../../platform/signals/node-id.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { RECEIPT_HEARD_MS, SessionKeysRepository } from './session-keys.repository.ts';
import { LEASE_MS, SessionLeasesRepository } from './session-leases.repository.ts';
import { SessionProxiesRepository } from './session-proxies.repository.ts';
import { SessionRestrictionsRepository } from './session-restrictions.repository.ts';
import { SessionRunner } from './session-runner.ts';
import { SessionsRepository } from './sessions.repository.ts';
import type { GroupActions } from './session-group-commands.ts';
import type { GroupTraffic } from './session-groups.ts';
import type { Lease, SessionTraffic } from './session-traffic.ts';
import { WhatsAppConnection } from './whatsapp/connection.ts';
import { WhatsAppEndpoint } from './whatsapp/endpoint.ts';

/** Renewed often enough that two renewals may fail before a lease runs out. */
const RENEW_MS = 3_000;
/** A lease counts as run out a little before the database says so: clocks of two machines drift, and packets travel. */
const MARGIN_MS = 1_500;
/** Sessions that connect at the same time; more would starve those that are connected. */
const OPENING_MAX = 10;
/** Leases taken in one statement. Few, so that nodes that start together share. */
const CLAIM_MAX = 10;
const HOUSEKEEPING_MS = 30_000;
/** An event loop that is later than this takes no more on. */
const LAG_MAX_MS = 1_000;

/**
 * Keeps the sessions of this node: takes leases, renews them in one statement, has a runner for each, and gives them up when
 * the node stops. A node that was frozen notices by its own monotonic clock, before anything leaves, that its leases may have
 * run out.
 */
@Injectable()
export class SessionsSupervisor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(SessionsSupervisor.name);
  private readonly runners = new Map<SessionId, SessionRunner>();
  private readonly lag = monitorEventLoopDelay({ resolution: 50 });
  private readonly turns: (() => void)[] = [];
  private opening = 0;
  private traffic: SessionTraffic | undefined;
  private groups: Readonly<{ groups: GroupTraffic; groupActions: GroupActions }> | undefined;
  private renewedAtMs = -Infinity;
  private cancelTick: (() => void) | undefined;
  private cancelHousekeeping: (() => void) | undefined;
  private claiming: Promise<void> | undefined;
  private stopping = false;
  private unreadable = '';
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly node: NodeId,
    private readonly signals: Signals,
    private readonly leases: SessionLeasesRepository,
    private readonly sessions: SessionsRepository,
    private readonly keys: SessionKeysRepository,
    private readonly proxies: SessionProxiesRepository,
    private readonly restrictions: SessionRestrictionsRepository,
    private readonly endpoint: WhatsAppEndpoint,
    private readonly metrics: Metrics,
  ) {
    metrics.watch('wasel_node_sessions', 'Numbers that this node has a lease of', () => this.runners.size);
    metrics.watch('wasel_node_sessions_connected', 'Those of them that are connected', () => this.connectedCount);
  }

  /** Called once, at start, by whoever handles messages. */
  setTraffic(traffic: SessionTraffic): void {
    this.traffic = traffic;
  }

  /** Called once, at start, by whoever keeps what is known of groups, and has something done to them. */
  setGroups(groups: GroupTraffic, groupActions: GroupActions): void {
    this.groups = { groups, groupActions };
  }

  onApplicationBootstrap(): void {
    if (this.config.whatsapp.sessionsMax === 0) return;
    this.lag.enable();
    this.unsubscribe.push(
      this.signals.on('session', ({ session }) => this.onAsked(session as SessionId)),
      this.signals.on('leases', () => this.claim()),
      this.signals.onConnected(() => this.claim()),
    );
    this.tick();
    this.scheduleHousekeeping();
  }

  /** Hands everything over: sockets closed, leases given up, the other nodes told. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.cancelTick?.();
    this.cancelHousekeeping?.();
    this.lag.disable();
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    await this.claiming;
    const runners = [...this.runners.values()];
    this.runners.clear();
    await Promise.all(
      runners.map(async (runner) => {
        await runner.abandon();
        await this.leases.release([runner.lease]).catch((error: unknown) => this.warn(error, 'lease not released'));
        this.signals.send('leases', { node: this.node.value });
      }),
    );
  }

  /** Sessions that are connected here. */
  get connectedCount(): number {
    return [...this.runners.values()].filter((runner) => runner.connected).length;
  }

  /** True while leases renewed last cannot have run out, whatever happened to this process since. */
  private leasesHold(): boolean {
    return this.clock.monotonicMs() < this.renewedAtMs + LEASE_MS - MARGIN_MS;
  }

  private onAsked(session: SessionId): void {
    const runner = this.runners.get(session);
    if (runner) runner.reconsider();
    else this.claim();
  }

  private tick(): void {
    if (this.stopping) return;
    void this.renew()
      .catch((error: unknown) => this.warn(error, 'leases not renewed'))
      .finally(() => {
        for (const runner of this.runners.values()) runner.endIfDeaf();
        this.claim();
        this.cancelTick = this.clock.setTimeout(() => this.tick(), RENEW_MS);
      });
  }

  private async renew(): Promise<void> {
    const startedAtMs = this.clock.monotonicMs();
    if (this.runners.size > 0 && !this.leasesHold()) await this.giveUpAll('this node stood still past its leases');
    if (this.runners.size === 0) {
      this.renewedAtMs = startedAtMs;
      return;
    }
    const asked = [...this.runners.keys()];
    const mine = await this.leases.renew(this.node.value);
    this.renewedAtMs = startedAtMs;
    const lost = asked.filter((session) => this.runners.has(session) && !mine.has(session));
    await Promise.all(lost.map((session) => this.giveUp(session, 'another node runs it now')));
  }

  private scheduleHousekeeping(): void {
    this.cancelHousekeeping = this.clock.setTimeout(() => {
      void this.keepHouse()
        .catch((error: unknown) => this.warn(error, 'housekeeping of sessions failed'))
        .finally(() => (this.stopping ? undefined : this.scheduleHousekeeping()));
    }, HOUSEKEEPING_MS);
  }

  /** One statement each for all sessions of this node. */
  private async keepHouse(): Promise<void> {
    const runners = [...this.runners.values()];
    const seen = runners.flatMap(({ lease, lastHeardAt: at }) => (at ? [{ lease, at }] : []));
    if (seen.length > 0) await this.leases.saveSeen(seen);
    const settled = runners.filter((runner) => runner.connectedForMs > RECEIPT_HEARD_MS);
    if (settled.length > 0) await this.keys.purgeInbox(settled.map((runner) => runner.lease));
    const connected = runners.filter((runner) => runner.connected);
    if (connected.length > 0)
      await this.sessions.settleAlerts(connected.map(({ lease, connectedForMs: forMs }) => ({ lease, forMs })));
  }

  private async giveUpAll(reason: string): Promise<void> {
    await Promise.all([...this.runners.keys()].map((session) => this.giveUp(session, reason)));
  }

  private async giveUp(session: SessionId, reason: string): Promise<void> {
    this.log.warn({ session, reason }, 'session given up');
    this.metrics.leaseLosses.inc();
    const runner = this.runners.get(session);
    this.runners.delete(session);
    await runner?.abandon();
  }

  /** Takes what has no owner, a few at a time, as long as there is room and the loop keeps up. */
  private claim(): void {
    if (this.stopping) return;
    this.claiming ??= this.claimAll()
      .catch((error: unknown) => this.warn(error, 'no sessions taken'))
      .finally(() => (this.claiming = undefined));
  }

  private async claimAll(): Promise<void> {
    while (!this.stopping && this.hasRoom()) {
      const startedAtMs = this.clock.monotonicMs();
      const room = this.config.whatsapp.sessionsMax - this.runners.size;
      const taken = await this.leases.claim(this.node.value, Math.min(CLAIM_MAX, room));
      if (this.runners.size === 0) this.renewedAtMs = startedAtMs;
      for (const lease of taken) this.run(lease);
      if (taken.length === 0) return this.sayUnreadable();
      await this.turn().then((giveBack) => giveBack());
    }
  }

  /** Numbers without an owner that this node cannot run, once for each change of how many. */
  private async sayUnreadable(): Promise<void> {
    const keys = await this.leases.unreadable();
    const said = keys.join(', ');
    if (said !== this.unreadable && keys.length > 0)
      this.log.error(
        { keys: said },
        'numbers are sealed with keys that ENCRYPTION_KEYS of this node lacks; others may run them',
      );
    this.unreadable = said;
  }

  private hasRoom(): boolean {
    const lagMs = this.lag.percentile(99) / 1e6;
    this.lag.reset();
    return (
      this.traffic !== undefined &&
      this.groups !== undefined &&
      lagMs < LAG_MAX_MS &&
      this.runners.size < this.config.whatsapp.sessionsMax
    );
  }

  private run(lease: Lease): void {
    const runner: SessionRunner = new SessionRunner(lease, {
      sessions: this.sessions,
      restrictions: this.restrictions,
      keys: this.keys,
      signals: this.signals,
      clock: this.clock,
      turn: () => this.turn(),
      open: async (of, pairingPhone, behaviour, listener) => {
        if (!this.traffic || !this.groups) throw new Error('nobody handles messages or groups');
        return WhatsAppConnection.open({
          lease: of,
          endpoint: await this.endpoint.resolve(),
          keys: this.keys,
          traffic: this.traffic,
          ...this.groups,
          proxy: await this.proxies.of(of),
          allowedNetworks: this.config.outgoing.allowedNetworks,
          clock: this.clock,
          log: {
            debug: (fields, message) => this.log.debug({ session: of.session, ...fields }, message),
            warn: (fields, message) => this.log.warn({ session: of.session, ...fields }, message),
          },
          deviceName: this.config.whatsapp.deviceName,
          pairingPhone,
          behaviour,
          mayAct: () => this.runners.get(of.session) === runner && this.leasesHold(),
          listener,
        });
      },
      ended: (done) => this.onEnded(done),
    });
    this.runners.set(lease.session, runner);
    runner.reconsider();
  }

  private onEnded(runner: SessionRunner): void {
    if (this.runners.get(runner.lease.session) === runner) this.runners.delete(runner.lease.session);
    this.leases.release([runner.lease]).then(
      () => this.signals.send('leases', { node: this.node.value }),
      (error: unknown) => this.warn(error, 'lease not released'),
    );
  }

  /** A turn to connect; at most `OPENING_MAX` have one. */
  private async turn(): Promise<() => void> {
    if (this.opening >= OPENING_MAX) await new Promise<void>((resolve) => this.turns.push(resolve));
    else this.opening += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.turns.shift();
      if (next) next();
      else this.opening -= 1;
    };
  }

  private warn(error: unknown, message: string): void {
    this.log.warn({ error: String(error) }, message);
  }
}
