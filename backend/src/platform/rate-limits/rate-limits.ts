import { createHash } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { GroupCommit } from '../database/group-commit.ts';
import { SystemDb } from '../database/system-db.ts';
import { RateLimited } from '../http/http.errors.ts';

/** How often somebody may do something: `max` times from the first one on until `windowSeconds` are over. */
export type Limit = Readonly<{ name: string; max: number; windowSeconds: number }>;

/** One use of a limit, of which everybody (an address, an account, an organization) has his own. */
export type Use = Readonly<{ limit: Limit; of: string }>;

/** What is left of a limit, and for how long. */
export type Allowance = Readonly<{ limit: Limit; remaining: number; resetSeconds: number }>;

type Counted = Readonly<{ used: number; resetSeconds: number }>;

const BATCH_MAX = 500;
/** Of those who are over a limit, so that they cost nothing any more until it ends. */
const REFUSED_MAX = 10_000;
const SWEEP_MS = 60_000;

/** The window begins with its first use, by the database's clock. In one order, so that two nodes do not wait for each other. */
const TAKE = `insert into private.rate_limits as l (key, used, resets_at)
  select key, count, now() + make_interval(secs => seconds)
    from unnest($1::text[], $2::integer[], $3::integer[]) as asked (key, count, seconds) order by key
  on conflict (key) do update set
    used = case when l.resets_at <= now() then excluded.used else l.used + excluded.used end,
    resets_at = case when l.resets_at <= now() then excluded.resets_at else l.resets_at end
  returning key, used, trunc(extract(epoch from resets_at - now()), 3)::float8 as reset_seconds`;

const GIVE_BACK =
  'update private.rate_limits set used = greatest(used - 1, 0) where key = any ($1) and resets_at > now()';
const SWEEP = 'delete from private.rate_limits where resets_at < now()';

/**
 * Limits that all nodes share. Whoever asks while a statement is under way goes together with the others in the next one, so a
 * node makes one small statement at a time, however many requests there are; and who is over his limit is remembered here and
 * asks the database no more.
 */
@Injectable()
export class RateLimits implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(RateLimits.name);
  private readonly factor: number;
  /** By key, when it ends, on the clock that never jumps. */
  private readonly refused = new LRUCache<string, number>({ max: REFUSED_MAX });
  private readonly takes = new GroupCommit<readonly Use[], readonly Counted[]>((uses) => this.write(uses), BATCH_MAX);
  private cancelSweep: (() => void) | undefined;

  constructor(
    private readonly system: SystemDb,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.factor = config.http.rateLimitFactor;
  }

  onApplicationBootstrap(): void {
    this.cancelSweep = this.clock.setTimeout(() => void this.sweep(), SWEEP_MS);
  }

  beforeApplicationShutdown(): void {
    this.cancelSweep?.();
  }

  /**
   * Uses each of them once, also those beside one that is used up.
   * @returns what is left, in the order of `uses` @throws RateLimited by the one that ends last
   */
  async take(uses: readonly Use[]): Promise<Allowance[]> {
    this.assertNotRefused(uses);
    const counted = await this.takes.submit(uses);
    const allowances = uses.map(({ limit, of }, n) => {
      const { used, resetSeconds } = counted[n] as Counted;
      const max = this.maxOf(limit);
      if (used > max) this.refused.set(keyOf({ limit, of }), this.clock.monotonicMs() + resetSeconds * 1000);
      return { limit: { ...limit, max }, remaining: Math.max(0, max - used), resetSeconds };
    });
    this.assertNotRefused(uses);
    return allowances;
  }

  /** Takes a use back that did not count in the end. */
  async giveBack(uses: readonly Use[]): Promise<void> {
    await this.system.query(GIVE_BACK, [uses.map(keyOf)]);
  }

  private maxOf({ max }: Limit): number {
    return Math.max(1, Math.floor(max * this.factor));
  }

  private assertNotRefused(uses: readonly Use[]): void {
    const now = this.clock.monotonicMs();
    const [last] = uses
      .map((use) => ({ use, leftMs: (this.refused.get(keyOf(use)) ?? 0) - now }))
      .filter(({ leftMs }) => leftMs > 0)
      .toSorted((a, b) => b.leftMs - a.leftMs);
    if (last) throw new RateLimited(last.use.limit.name, Math.ceil(last.leftMs / 1000));
  }

  /** One row for each key, however often it is asked for; who came first is counted first. */
  private async write(batch: readonly (readonly Use[])[]): Promise<Counted[][]> {
    const asked = new Map<string, { count: number; seconds: number }>();
    const places = batch.map((uses) =>
      uses.map((use) => {
        const key = keyOf(use);
        const { count } = asked.get(key) ?? { count: 0 };
        asked.set(key, { count: count + 1, seconds: use.limit.windowSeconds });
        return { key, place: count + 1 };
      }),
    );
    const { rows } = await this.system.query<{ key: string; used: number; reset_seconds: number }>({
      name: 'rate_limits.take',
      text: TAKE,
      values: [
        [...asked.keys()],
        [...asked.values()].map(({ count }) => count),
        [...asked.values()].map(({ seconds }) => seconds),
      ],
    });
    const found = new Map(rows.map((row) => [row.key, row]));
    return places.map((uses) =>
      uses.map(({ key, place }) => {
        const { used = 0, reset_seconds: resetSeconds = 0 } = found.get(key) ?? {};
        return { used: used - (asked.get(key)?.count ?? 0) + place, resetSeconds };
      }),
    );
  }

  private async sweep(): Promise<void> {
    await this.system.query(SWEEP).catch((error: unknown) => {
      this.log.warn({ error: String(error) }, 'rate limits not swept');
    });
    this.cancelSweep = this.clock.setTimeout(() => void this.sweep(), SWEEP_MS);
  }
}

const keyOf = ({ limit, of }: Use): string => createHash('sha256').update(`${limit.name} ${of}`).digest('base64url');

/** As of the IETF's draft on RateLimit header fields (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(allowances: readonly Allowance[]): Record<string, string> {
  return {
    'ratelimit-policy': allowances
      .map(({ limit: { name, max, windowSeconds } }) => `"${name}";q=${max};w=${windowSeconds}`)
      .join(', '),
    ratelimit: allowances
      .map(({ limit, remaining, resetSeconds }) => `"${limit.name}";r=${remaining};t=${Math.ceil(resetSeconds)}`)
      .join(', '),
  };
}
