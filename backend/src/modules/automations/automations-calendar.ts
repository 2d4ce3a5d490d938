import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { runIn } from './automation-acts.ts';
import { AutomationDays } from './automation-days.ts';
import { nextLookAfter, type Stretch, stretchesOf, windowOf } from './automations-calendar.rules.ts';
import { AutomationsKeeper } from './automations-keeper.ts';
import type { Looking, Place } from './contact-days-told.repository.ts';

/** Covers a signal that was lost; what is looked for comes in days. */
const SWEEP_MS = 60_000;
/** So long a node has for a page; then another begins anew. */
const CLAIM_MS = 60_000;
const SHUTDOWN_WAIT_MS = 5_000;
/** Before every contact. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** An automation that this node looks for days for, as long as nobody has changed `plan_at` since. */
type Claimed = Looking & Readonly<{ days_before: number; plan_at: Date }>;

const CLAIM = `with due as (
    select organization_id, id from automations where enabled and plan_at <= $1 order by plan_at limit 1 for update skip locked
  )
  update automations a set plan_at = $1::timestamptz + interval '${CLAIM_MS} ms' from due where a.organization_id = due.organization_id and a.id = due.id
  returning a.organization_id, a.id, a.day_name, a.days_before::int as days_before, a.plan_at`;

const PLAN_AT = `update automations set plan_at = $4 where organization_id = $1 and id = $2 and plan_at = $3 and enabled returning plan_at`;

/**
 * Finds the days of contacts that come, for each automation that acts on them: once a day, and when it was changed. Any node does
 * it; one that dies on the way is followed by another, which begins that automation anew, for each event is there once. What
 * changes about contacts in between the follower of facts sees. Then it is forgotten what happened long ago.
 */
@Injectable()
export class AutomationsCalendar implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(AutomationsCalendar.name);
  private readonly loop: WorkLoop;

  constructor(
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly system: SystemDb,
    private readonly days: AutomationDays,
    private readonly keeper: AutomationsKeeper,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'calendar', sweepMs: SWEEP_MS },
      () => this.run(),
      (error) => this.log.warn({ error: String(error) }, 'days of contacts not looked for; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async run(): Promise<void> {
    for (let one = await this.claim(); one; one = this.loop.stopped ? undefined : await this.claim())
      await this.plan(one);
    await this.keeper.forget(this.clock.now());
  }

  private async claim(): Promise<Claimed | undefined> {
    const { rows } = await this.system.query<Claimed>({
      name: 'automations.claim_calendar',
      text: CLAIM,
      values: [this.clock.now()],
    });
    return rows[0];
  }

  private async plan(claimed: Claimed): Promise<void> {
    const now = this.clock.now();
    let held: Claimed | undefined = claimed;
    let notifications = 0;
    for (const stretch of stretchesOf(windowOf(now, claimed.days_before))) {
      let after: Place | null = { ...stretch.from, contact: NOBODY };
      while (after && held && !this.loop.stopped) {
        const page: Awaited<ReturnType<AutomationsCalendar['page']>> = await this.page(held, { stretch, after, now });
        ({ held, next: after } = page);
        notifications += page.notifications;
        if (page.notifications > 0) this.signals.send('notifications', {});
      }
    }
    if (!held || this.loop.stopped) return;
    await this.system.query(PLAN_AT, [held.organization_id, held.id, held.plan_at, nextLookAfter(now)]);
    this.log.log(
      { organization: held.organization_id, automation: held.id, notifications },
      'days of contacts planned',
    );
  }

  /** In one transaction with holding the automation on; nothing when it was changed, or another node has it. */
  private page(
    held: Claimed,
    from: Readonly<{ stretch: Stretch; after: Place; now: Date }>,
  ): Promise<{ held: Claimed | undefined; next: Place | null; notifications: number }> {
    return this.system.transaction(async (sql) => {
      const until = new Date(this.clock.now().getTime() + CLAIM_MS);
      const { rows } = await sql.query<{ plan_at: Date }>(PLAN_AT, [
        held.organization_id,
        held.id,
        held.plan_at,
        until,
      ]);
      const [mine] = rows;
      if (!mine) return { held: undefined, next: null, notifications: 0 };
      return { held: { ...held, plan_at: mine.plan_at }, ...(await this.days.takePage(runIn(sql), held, from)) };
    });
  }
}
