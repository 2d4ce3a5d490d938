import type { Clock } from '../../kernel/clock.ts';
import type { SystemDb } from '../../platform/database/system-db.ts';
import type { Lease } from './session-traffic.ts';
import { StaleLease } from './sessions.errors.ts';

/** Covers a signal that was lost. */
const SWEEP_MS = 15_000;

/** A connection of a number, for as long as this node has it. */
export type Connected = Readonly<{ lease: Lease; closed: AbortSignal; mayAct: () => boolean }>;

export type LineWork<T extends Connected> = Readonly<{
  /** Does everything that there is to do for a number, one thing after the other. */
  work: (connected: T) => Promise<void>;
  /** Of these numbers, those that have something to do: one statement, however many they are. */
  due: (leases: readonly Lease[]) => Promise<readonly string[]>;
  /** @param session null: it is not known what is due */
  failed: (session: string | null, error: unknown) => void;
}>;

/** @param statement finds, by the rows of `mine (organization_id, session_id)`, a `session_id` for each that has something to do */
export async function dueOf(system: SystemDb, statement: string, leases: readonly Lease[]): Promise<string[]> {
  const { rows } = await system.query<{ session_id: string }>(
    `with mine as (select * from unnest($1::uuid[], $2::uuid[]) as m (organization_id, session_id)) ${statement}`,
    [leases.map(({ organization }) => organization), leases.map(({ session }) => session)],
  );
  return rows.map((row) => row.session_id);
}

/** A number's place: it outlives its connection for as long as work that this began goes on. */
type Line<T> = { connected: T | undefined; running: boolean; woken: boolean };

/**
 * What is done for each number that is connected here, and for each never twice at a time: what a connection left under way
 * ends before the next one begins. One timer looks for what no signal told of, for all numbers together.
 */
export class SessionLines<T extends Connected> {
  private readonly lines = new Map<string, Line<T>>();
  private cancelSweep: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly how: LineWork<T>,
  ) {}

  start(): void {
    this.cancelSweep = this.clock.setTimeout(() => void this.sweep(), SWEEP_MS);
  }

  stop(): void {
    this.cancelSweep?.();
    this.cancelSweep = undefined;
  }

  /** What waits for this number is done, until its connection is over. */
  opened(connected: T): void {
    const { closed, lease } = connected;
    if (closed.aborted) return;
    const line = this.lines.get(lease.session) ?? { connected, running: false, woken: false };
    line.connected = connected;
    this.lines.set(lease.session, line);
    closed.addEventListener('abort', () => {
      if (line.connected === connected) this.close(lease.session, line);
    });
    this.wake(lease.session);
  }

  wake(session: string): void {
    const line = this.lines.get(session);
    if (!line) return;
    line.woken = true;
    if (line.running) return;
    line.running = true;
    void this.run(session, line);
  }

  /** All numbers of an organization. */
  wakeAll(organization: string): void {
    for (const [session, { connected }] of this.lines)
      if (connected?.lease.organization === organization) this.wake(session);
  }

  private async run(session: string, line: Line<T>): Promise<void> {
    while (line.woken && line.connected?.mayAct()) {
      line.woken = false;
      const { connected } = line;
      try {
        await this.how.work(connected);
      } catch (error) {
        if (!connected.closed.aborted && !(error instanceof StaleLease)) this.how.failed(session, error);
      }
    }
    line.running = false;
    if (!line.connected) this.lines.delete(session);
  }

  private close(session: string, line: Line<T>): void {
    line.connected = undefined;
    if (!line.running) this.lines.delete(session);
  }

  private async sweep(): Promise<void> {
    const leases = [...this.lines.values()].flatMap(({ connected }) => connected?.lease ?? []);
    try {
      if (leases.length > 0) for (const session of await this.how.due(leases)) this.wake(session);
    } catch (error) {
      this.how.failed(null, error);
    }
    if (this.cancelSweep) this.start();
  }
}
