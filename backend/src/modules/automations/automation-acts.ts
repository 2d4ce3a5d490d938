import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../generated/prisma/client.ts';
import { newId } from '../../kernel/ids.ts';
import type { Sql } from '../../platform/database/sql.ts';
import type { Channel } from '../notifications/notifications.dto.ts';
import { INSERT_NOTIFICATIONS, type NewNotification } from '../notifications/notifications.repository.ts';
import type { Condition, VariableSource } from './automations.dto.ts';
import { type Plan, planOf, type Told } from './automations.rules.ts';

/** Runs a statement, whatever kind of transaction it is in. */
export type Run = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;

export const runIn =
  (sql: Sql): Run =>
  async <Row>(text: string, values: readonly unknown[]) =>
    (await sql.query<Row & Record<string, unknown>>(text, values)).rows;

export const runInPrisma =
  (tx: Prisma.TransactionClient): Run =>
  <Row>(text: string, values: readonly unknown[]) =>
    tx.$queryRawUnsafe<Row[]>(text, ...values);

/** An event as it is written down: each once by its `event_id`. */
export type ToldEvent = Told &
  Readonly<{
    organization: string;
    id: string;
    eventId: string;
    bodyHash: Buffer | null;
    /** The number that it happened on; an automation without one of its own answers from it. */
    session: string | null;
    relatedType: string | null;
    relatedId: string | null;
    /** Of a contact, on which it acts: told only while somebody has it. */
    contactDay?: string;
  }>;

/** An automation that is switched on. */
export type Acting = Readonly<{
  organization_id: string;
  id: string;
  event: string;
  enabled_at: Date;
  keywords: readonly string[];
  keyword_match: 'whole' | 'contains';
  days_before: number | null;
  local_hour: number | null;
  conditions: readonly Condition[];
  delay_minutes: number;
  channel: Channel;
  session_id: string | null;
  template_id: string;
  variables: Readonly<Record<string, VariableSource>>;
  subject: string | null;
  priority: number;
  time_zone: string;
}>;

type Pair = Readonly<{ event: ToldEvent; automation: Acting; plan: Plan; notification: string | null }>;

const ACTING = `select a.organization_id, a.id, a.event, a.enabled_at, a.keywords, a.keyword_match, a.days_before::int, a.local_hour::int, a.conditions,
       a.delay_minutes, a.channel, a.session_id, a.template_id, a.variables, a.subject, a.priority::int, z.time_zone
  from automations a join organizations z on z.id = a.organization_id
 where a.enabled and (a.organization_id, a.event) in (select * from unnest($1::uuid[], $2::text[]))
 order by a.organization_id, a.id`;

const INSERT_EVENTS = `insert into private.automation_events (organization_id, id, event_id, name, body_hash, received_at)
  select organization_id, id, event_id, name, decode(body_hash, 'hex'), received_at
    from jsonb_to_recordset($1::jsonb) as e (organization_id uuid, id uuid, event_id text, name text, body_hash text, received_at timestamptz)
   order by organization_id, event_id
  on conflict do nothing returning id::text as id`;

const INSERT_RUNS = `insert into automation_runs (organization_id, id, automation_id, event_id, outcome, reason, detail, recipient, notification_id, created_at)
  select * from jsonb_to_recordset($1::jsonb) as r (organization_id uuid, id uuid, automation_id uuid, event_id uuid, outcome text, reason text, detail text,
    recipient text, notification_id uuid, created_at timestamptz)`;

const RECENT = `select automation_id::text as automation, recipient, count(*)::int as n from automation_runs
  where (organization_id, automation_id, recipient) in (select * from unnest($1::uuid[], $2::uuid[], $3::text[]))
    and outcome = 'acted' and created_at > $4::timestamptz - interval '1 hour' group by 1, 2`;

/** Of one automation to one person within an hour, of what he writes: two machines would else answer each other for ever. */
const ANSWERS_PER_HOUR_MAX = 3;

/** Writes down what happened and what automations make of it: a constant number of statements, however much it is. */
@Injectable()
export class AutomationActs {
  /** Automations that wait for events of these names. */
  waitingFor(run: Run, names: readonly Readonly<{ organization: string; name: string }>[]): Promise<Acting[]> {
    return run<Acting>(ACTING, [names.map(({ organization }) => organization), names.map(({ name }) => name)]);
  }

  /**
   * Each event once: what is known already is left alone.
   * @param wants which automations take an event, of those that wait for its name
   * @returns the ids of the events that are new, and how many notifications were made
   */
  async take(
    run: Run,
    events: readonly ToldEvent[],
    waiting: readonly Acting[],
    { now, wants = () => true }: { now: Date; wants?: (automation: Acting, event: ToldEvent) => boolean },
  ): Promise<{ fresh: ReadonlySet<string>; notifications: number }> {
    if (events.length === 0) return { fresh: new Set(), notifications: 0 };
    const rows = await run<{ id: string }>(INSERT_EVENTS, [
      JSON.stringify(events.map((event) => eventRow(event, now))),
    ]);
    const fresh = new Set(rows.map(({ id }) => id));
    const pairs = events
      .filter(({ id }) => fresh.has(id))
      .flatMap((event) =>
        waiting
          .filter((one) => one.organization_id === event.organization && one.event === event.name && wants(one, event))
          .map((automation) => ({ event, automation })),
      );
    if (pairs.length === 0) return { fresh, notifications: 0 };
    const runs = pairs.map(({ event, automation }) => planned(event, automation, now));
    const kept = await this.notTooOften(run, runs, now);
    const notifications = kept.flatMap(notificationOf);
    if (notifications.length > 0) await run(INSERT_NOTIFICATIONS, [JSON.stringify(notifications)]);
    await run(INSERT_RUNS, [JSON.stringify(kept.map((one) => runRow(one, now)))]);
    return { fresh, notifications: notifications.length };
  }

  private async notTooOften(run: Run, runs: readonly Pair[], now: Date): Promise<Pair[]> {
    const answers = runs.filter(({ event, plan }) => event.name === 'message_received' && plan.outcome === 'acted');
    if (answers.length === 0) return [...runs];
    const rows = await run<{ automation: string; recipient: string; n: number }>(RECENT, [
      answers.map(({ event }) => event.organization),
      answers.map(({ automation }) => automation.id),
      answers.map(({ plan }) => plan.recipient),
      now,
    ]);
    const counts = new Map(rows.map(({ automation, recipient, n }) => [`${automation} ${recipient}`, n]));
    return runs.map((one) => {
      if (!answers.includes(one)) return one;
      const key = `${one.automation.id} ${one.plan.recipient}`;
      const before = counts.get(key) ?? 0;
      if (before >= ANSWERS_PER_HOUR_MAX) return tooOften(one);
      counts.set(key, before + 1);
      return one;
    });
  }
}

const planned = (event: ToldEvent, automation: Acting, now: Date): Pair => {
  const plan = planOf(
    {
      channel: automation.channel,
      daysBefore: automation.days_before,
      localHour: automation.local_hour,
      conditions: automation.conditions,
      delayMinutes: automation.delay_minutes,
      variables: automation.variables,
    },
    event,
    { now, timeZone: automation.time_zone },
  );
  return { event, automation, plan, notification: plan.outcome === 'acted' ? newId() : null };
};

const tooOften = (one: Pair): Pair => ({
  ...one,
  plan: { outcome: 'skipped', recipient: one.plan.recipient, reason: 'too_often', detail: null },
  notification: null,
});

const eventRow = ({ organization, id, eventId, name, bodyHash }: ToldEvent, now: Date) => ({
  organization_id: organization,
  id,
  event_id: eventId,
  name,
  body_hash: bodyHash?.toString('hex') ?? null,
  received_at: now,
});

const runRow = ({ event, automation, plan, notification }: Pair, now: Date) => ({
  organization_id: event.organization,
  id: newId(),
  automation_id: automation.id,
  event_id: event.id,
  outcome: plan.outcome,
  reason: plan.outcome === 'skipped' ? plan.reason : null,
  detail: plan.outcome === 'skipped' ? plan.detail : null,
  recipient: plan.recipient,
  notification_id: notification,
  created_at: now,
});

function notificationOf({ event, automation, plan, notification }: Pair): NewNotification[] {
  if (plan.outcome !== 'acted' || notification === null) return [];
  return [
    {
      organization_id: event.organization,
      id: notification,
      channel: automation.channel,
      recipient: plan.recipient,
      session_id: automation.session_id ?? event.session,
      template_id: automation.template_id,
      subject: automation.subject,
      variables: plan.variables,
      trigger: 'automation',
      automation_id: automation.id,
      related_type: event.relatedType,
      related_id: event.relatedId,
      contact_day_id: event.contactDay ?? null,
      priority: automation.priority,
      scheduled_for: plan.scheduledFor,
    },
  ];
}
