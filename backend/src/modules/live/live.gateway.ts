import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type DefaultEventsMap, Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import { OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { AuthenticateAnswer, LiveEventName } from '../../kernel/live-events.ts';
import { clientAddress } from '../../platform/http/client-address.ts';
import { FactLog, type StoredFact } from '../../platform/facts/fact-log.ts';
import { FactsFollower } from '../../platform/facts/facts-follower.ts';
import { countFacts } from '../../platform/metrics/count-facts.ts';
import { Metrics } from '../../platform/metrics/metrics.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { OrganizationNotFound } from '../auth/auth.errors.ts';
import { may } from '../auth/permissions.ts';
import { RequestLimits } from '../auth/request-limits.ts';
import { TokenEnds } from '../auth/token-ends.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { LiveListener } from './live-listener.ts';
import { type LiveAccess, LiveGuard } from './live.guard.ts';
import { changesAccess, isLive, LIVE_FACTS, mayConnectFrom } from './live.rules.ts';

type Sent = Record<LiveEventName, (body: object) => void>;
type Received = { authenticate: (message: unknown, answer?: unknown) => void };
type LiveData = { access: LiveAccess; cursor?: string | undefined };
type LiveSocket = Socket<Received, Sent, DefaultEventsMap, LiveData>;

/** Most facts that a client is told again when it comes back; with more it reads everything anew. */
const RESUME_MAX = 1_000;
/** Clients say next to nothing. */
const FRAME_MAX_BYTES = 16_384;
/** From the connection to the handshake. */
const HANDSHAKE_MAX_MS = 10_000;
/** Timers of Node take no more; a client that was here for so long may well connect anew. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Room of those members who may link numbers. */
const linkers = (organization: string): string => `${organization} sessions:manage`;

/**
 * Tells browsers what happened, over Socket.IO. Every node follows the facts and tells its own clients; a client that was
 * away names the last cursor that it saw, and is told everything since before anything new.
 */
@Injectable()
export class LiveGateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LiveGateway.name);
  private readonly listeners = new Map<string, LiveListener>();
  private io: Server<Received, Sent, DefaultEventsMap, LiveData> | undefined;
  private follower: FactsFollower | undefined;
  private unsubscribe: (() => void) | undefined;
  private readonly addressOf: (request: IncomingMessage) => string;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly facts: FactLog,
    private readonly signals: Signals,
    private readonly guard: LiveGuard,
    private readonly sessions: SessionsService,
    private readonly metrics: Metrics,
    private readonly limits: RequestLimits,
    private readonly tokenEnds: TokenEnds,
  ) {
    this.addressOf = clientAddress(config.http);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.io = this.serve();
    this.unsubscribe = this.signals.on(
      'link',
      ({ organization, session }) => void this.tellLink(organization, session),
    );
    this.signals.on('job_progress', ({ organization, job_id, kind, result, ...progress }) => {
      this.io?.to(organization).emit('job.progress', { job_id, ...progress });
      if (kind !== 'broadcast') return;
      const replied = result?.['replied'] ?? 0;
      this.io?.to(organization).emit('broadcast.progress', { broadcast_id: job_id, ...progress, replied });
    });
    this.tokenEnds.onEnd((user) => this.close(({ access }) => access.user === user));
    this.follower = new FactsFollower(this.facts, this.signals, this.clock, await this.facts.tip(), (batch) =>
      this.tell(batch),
    );
    this.follower.start();
  }

  /** Closes the transports: a client that is disconnected by name would not come back by itself. */
  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe?.();
    await this.follower?.stop();
    this.io?.engine.close();
  }

  private serve(): Server<Received, Sent, DefaultEventsMap, LiveData> {
    const { allowedOrigins, dashboardUrl } = this.config.http;
    const io = new Server<Received, Sent, DefaultEventsMap, LiveData>(
      this.host.httpAdapter.getHttpServer() as HttpServer,
      {
        path: '/socket.io',
        serveClient: false,
        transports: ['websocket'], // long polling would need every request of a client to reach the same node
        destroyUpgrade: dashboardUrl === undefined, // other upgrades are the dashboard's, when there is one
        maxHttpBufferSize: FRAME_MAX_BYTES,
        connectTimeout: HANDSHAKE_MAX_MS,
        allowRequest: (request: IncomingMessage, answer) => {
          const { origin, host } = request.headers;
          if (!mayConnectFrom(origin, host, allowedOrigins)) return answer('origin_not_allowed', false);
          this.limits.connection({ ip: this.addressOf(request) }).then(
            () => answer(null, true),
            (error: unknown) => answer(this.codeOf(error), false),
          );
        },
      },
    );
    io.use((socket, next) => {
      this.guard.admit(socket.handshake.auth, this.addressOf(socket.request)).then(
        ({ cursor, ...access }) => {
          socket.data = { access, cursor };
          next();
        },
        (error: unknown) => {
          const code = this.codeOf(error);
          next(Object.assign(new Error(code), { data: { code } }));
        },
      );
    });
    io.on('connection', (socket) => void this.welcome(socket));
    return io;
  }

  /** Listening before the past is read, so that nothing falls between; what comes meanwhile waits. */
  private async welcome(socket: LiveSocket): Promise<void> {
    const { access, cursor } = socket.data;
    const listener = new LiveListener((fact) => socket.emit(fact.type, { ...fact.payload, cursor: fact.cursor }));
    this.listeners.set(socket.id, listener);
    socket.once('disconnect', () => this.listeners.delete(socket.id));
    this.expire(socket);
    await socket.join(access.organization);
    try {
      const tip = await this.facts.tip();
      const missed =
        cursor === undefined
          ? null
          : await this.facts.ofOrganizationAfter(access.organization, cursor, LIVE_FACTS, RESUME_MAX);
      if (!missed) socket.emit(cursor === undefined ? 'live.ready' : 'live.reset', { cursor: tip });
      listener.resume(cursor !== undefined && missed ? cursor : tip, (missed ?? []).filter(isLive));
    } catch (error) {
      this.log.warn({ error: String(error) }, 'a client could not be told what it missed');
      socket.conn.close(); // it comes back by itself, with the same cursor
    }
  }

  /** Has the connection end with its token, until it brings a newer one. */
  private expire(socket: LiveSocket): void {
    let cancel = (): void => undefined;
    const enter = async (access: LiveAccess): Promise<void> => {
      cancel();
      socket.data.access = access;
      const leftMs = access.expiresAtMs - this.clock.now().getTime();
      cancel = this.clock.setTimeout(() => socket.disconnect(true), Math.min(leftMs, TIMER_MAX_MS));
      const room = linkers(access.organization);
      await (may(access.role, 'sessions:manage') ? socket.join(room) : socket.leave(room));
    };
    void enter(socket.data.access);
    socket.once('disconnect', () => cancel());
    socket.on('authenticate', (message, answer) => {
      void this.authenticate(socket, message, enter).then((answered) => {
        if (typeof answer === 'function') answer(answered);
      });
    });
  }

  private async authenticate(
    socket: LiveSocket,
    message: unknown,
    enter: (access: LiveAccess) => Promise<void>,
  ): Promise<AuthenticateAnswer> {
    try {
      const access = await this.guard.renew(socket.data.access, message, this.addressOf(socket.request));
      if (socket.connected) await enter(access);
      return { expires_at: new Date(access.expiresAtMs).toISOString() };
    } catch (error) {
      if (error instanceof OrganizationNotFound) socket.disconnect(true); // is no member any more
      return { code: this.codeOf(error) };
    }
  }

  private tell(batch: readonly StoredFact[]): void {
    countFacts(this.metrics, batch);
    for (const fact of batch.filter(changesAccess)) this.turnOut(fact);
    const rooms = this.io?.sockets.adapter.rooms;
    for (const fact of batch.filter(isLive))
      for (const id of rooms?.get(fact.organization) ?? []) this.listeners.get(id)?.tell(fact);
  }

  /** Closes the transports of a person, who comes back by himself and is let in as what he is now, if at all. */
  private turnOut({ organization, subject }: StoredFact): void {
    this.close(({ access }) => access.organization === organization && access.user === subject);
  }

  private close(whose: (data: LiveData) => boolean): void {
    for (const socket of this.io?.sockets.sockets.values() ?? []) if (whose(socket.data)) socket.conn.close();
  }

  private async tellLink(organization: string, session: string): Promise<void> {
    const room = linkers(organization);
    if (!this.io?.sockets.adapter.rooms.has(room)) return;
    try {
      const link = await this.sessions.link(OrganizationId.parse(organization), SessionId.parse(session));
      this.io.to(room).emit('session.qr', { session_id: session, ...link });
    } catch (error) {
      // Linked or deleted meanwhile: there is nothing to show any more.
      if (!(error instanceof DomainError)) this.log.warn({ session, error: String(error) }, 'a code was not shown');
    }
  }

  /** What a refused client branches on. */
  private codeOf(error: unknown): string {
    if (error instanceof DomainError) return error.code;
    if (error instanceof z.ZodError) return 'request_invalid';
    this.log.warn({ error: String(error) }, 'a client could not be let in');
    return 'unavailable';
  }
}
