import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { Signals } from '../../platform/signals/signals.ts';

/** Longest life of a token of the embedded issuer. */
export const TOKEN_LIFE_SECONDS = 15 * 60;

/** Covers a signal that was lost. */
const SWEEP_MS = 5_000;

/**
 * Whose older tokens are not believed any more, because his password or address changed or a session of his ended. Requests
 * ask this memory and not the database: it is read at start, whenever a node says that it happened, and every few seconds.
 */
@Injectable()
export class TokenEnds implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(TokenEnds.name);
  private readonly embedded: boolean;
  /** By user: the moment from which on tokens are good, in ms since 1970 by the database's clock. */
  private notBefore: ReadonlyMap<string, number> = new Map();
  private readonly listeners = new Set<(user: string) => void>();
  private readonly unsubscribe: (() => void)[] = [];
  private cancelSweep: (() => void) | undefined;
  private stopped = false;

  constructor(
    config: Config,
    private readonly system: SystemDb,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {
    this.embedded = config.auth.provider === 'embedded';
  }

  /** Before the first request. */
  async onModuleInit(): Promise<void> {
    if (this.embedded) await this.read();
  }

  onApplicationBootstrap(): void {
    if (!this.embedded) return;
    const look = () => void this.look();
    this.unsubscribe.push(this.signals.on('tokens', look), this.signals.onConnected(look));
    this.scheduleSweep();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.cancelSweep?.();
    for (const unsubscribe of this.unsubscribe) unsubscribe();
  }

  /** @param issuedAtMs by the database's clock */
  hasEnded(user: string, issuedAtMs: number): boolean {
    return issuedAtMs < (this.notBefore.get(user) ?? 0);
  }

  /** Hears of each person whose tokens ended. */
  onEnd(listener: (user: string) => void): void {
    this.listeners.add(listener);
  }

  /** It was committed that some have ended: believed here from now on, and everywhere soon after. */
  async tell(): Promise<void> {
    this.signals.send('tokens', {});
    await this.read();
  }

  /** What a token says of when it was issued. */
  async now(): Promise<number> {
    const { rows } = await this.system.query<{ ms: number }>(
      'select trunc(extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
    );
    return rows[0]?.ms ?? 0;
  }

  private async read(): Promise<void> {
    const { rows } = await this.system.query<{ id: string; ms: number }>({
      name: 'token_ends.read',
      text: `select id, (extract(epoch from tokens_not_before) * 1000)::float8 as ms from private.auth_users
              where tokens_not_before > now() - make_interval(secs => $1)`,
      values: [TOKEN_LIFE_SECONDS + 60],
    });
    const before = this.notBefore;
    this.notBefore = new Map(rows.map(({ id, ms }) => [id, ms]));
    for (const { id, ms } of rows) if (before.get(id) !== ms) for (const listener of this.listeners) listener(id);
  }

  private async look(): Promise<void> {
    await this.read().catch((error: unknown) => this.log.warn({ error: String(error) }, 'ends of tokens not read'));
  }

  private scheduleSweep(): void {
    if (this.stopped) return;
    this.cancelSweep = this.clock.setTimeout(() => void this.look().finally(() => this.scheduleSweep()), SWEEP_MS);
  }
}
