import type { Server as HttpServer } from 'node:http';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import { OrganizationId, SessionId } from '../../kernel/ids.ts';
import { LiveEvents } from '../../kernel/live-events.ts';
import { FactLog, FactsFollower, type StoredFact } from '../../platform/facts/facts-follower.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { Memberships } from '../auth/memberships.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { LiveListener } from './live-listener.ts';

const Handshake = z.object({
  token: z.string(),
  organization_id: z.string().optional(),
  /** The last one that the client saw. */
  cursor: z.string().max(64).optional(),
});

/** Most facts that a client is told again when it comes back; with more it reads everything anew. */
const RESUME_MAX = 1_000;
/** Clients say next to nothing. */
const FRAME_MAX_BYTES = 16_384;
const RETENTION_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Tells browsers what happened, over Socket.IO. Every node follows the facts and tells its own clients; a client that was
 * away names the last cursor that it saw, and is told everything since before anything new.
 */
@Injectable()
export class LiveGateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LiveGateway.name);
  private readonly listeners = new Map<string, LiveListener>();
  private io: Server | undefined;
  private follower: FactsFollower | undefined;
  private cancelMaintenance: (() => void) | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly facts: FactLog,
    private readonly signals: Signals,
    private readonly tokens: TokenVerifier,
    private readonly memberships: Memberships,
    private readonly sessions: SessionsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.io = new Server(this.host.httpAdapter.getHttpServer() as HttpServer, {
      path: '/socket.io',
      serveClient: false,
      destroyUpgrade: false, // other upgrades belong to the dashboard
      maxHttpBufferSize: FRAME_MAX_BYTES,
      cors: { origin: [...this.config.http.allowedOrigins], credentials: true },
    });
    this.io.use((socket, next) => {
      this.authenticate(socket).then(
        () => next(),
        (error: unknown) => next(toConnectError(error)),
      );
    });
    this.io.on('connection', (socket) => void this.welcome(socket));
    this.unsubscribe = this.signals.on(
      'link',
      ({ organization, session }) => void this.tellLink(organization, session),
    );
    this.follower = new FactsFollower(this.facts, this.signals, this.clock, await this.facts.tip(), (batch) =>
      this.tell(batch),
    );
    this.follower.start();
    this.maintain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe?.();
    this.cancelMaintenance?.();
    await this.follower?.stop();
    this.io?.disconnectSockets(true);
  }

  private async authenticate(socket: Socket): Promise<void> {
    const { token, organization_id: asked } = Handshake.parse(socket.handshake.auth);
    const { user, expiresAt } = await this.tokens.user(token);
    const { organization } = await this.memberships.resolve(user.id, asked);
    socket.data = { organization };
    const cancel = this.clock.setTimeout(() => socket.disconnect(true), expiresAt * 1000 - this.clock.now().getTime());
    socket.once('disconnect', cancel);
  }

  /** Listening before the past is read, so that nothing falls between; what comes meanwhile waits. */
  private async welcome(socket: Socket): Promise<void> {
    const { organization } = socket.data as { organization: OrganizationId };
    const { cursor } = Handshake.parse(socket.handshake.auth);
    const listener = new LiveListener(socket);
    this.listeners.set(socket.id, listener);
    socket.once('disconnect', () => this.listeners.delete(socket.id));
    await socket.join(organization);
    try {
      const tip = await this.facts.tip();
      const missed = cursor === undefined ? [] : await this.facts.ofOrganizationAfter(organization, cursor, RESUME_MAX);
      if (missed === null) socket.emit('live.reset', { cursor: tip });
      if (cursor === undefined) socket.emit('live.ready', { cursor: tip });
      listener.resume((missed ?? []).filter(({ type }) => isLive(type)));
    } catch (error) {
      this.log.warn({ error: String(error) }, 'a client could not be told what it missed');
      socket.disconnect(true); // it comes back, with the same cursor
    }
  }

  private tell(batch: readonly StoredFact[]): void {
    for (const fact of batch) {
      if (!isLive(fact.type)) continue;
      for (const id of this.io?.sockets.adapter.rooms.get(fact.organization) ?? []) this.listeners.get(id)?.tell(fact);
    }
  }

  private async tellLink(organization: string, session: string): Promise<void> {
    const link = await this.sessions
      .link(OrganizationId.parse(organization), SessionId.parse(session))
      .catch(() => undefined);
    if (link) this.io?.to(organization).emit('session.qr', { session_id: session, ...link });
  }

  private maintain(): void {
    const keepFrom = new Date(this.clock.now().getTime() - RETENTION_DAYS * DAY_MS);
    this.facts
      .maintain(keepFrom)
      .catch((error: unknown) => this.log.warn({ error: String(error) }, 'facts not maintained'));
    this.cancelMaintenance = this.clock.setTimeout(() => this.maintain(), DAY_MS / 4);
  }
}

const isLive = (type: string): boolean => Object.hasOwn(LiveEvents, type);

/** As Socket.IO's client sees a refusal: `data.code` is what to branch on. */
function toConnectError(error: unknown): Error {
  const code =
    error instanceof DomainError ? error.code : error instanceof z.ZodError ? 'request_invalid' : 'unavailable';
  return Object.assign(new Error(code), { data: { code } });
}
