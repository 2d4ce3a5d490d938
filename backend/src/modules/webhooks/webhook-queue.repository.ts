import { Injectable } from '@nestjs/common';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { SystemDb, type SystemSql } from '../../platform/database/system-db.ts';
import { Sealer, UnsealError } from '../../platform/encryption/sealer.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { systemIn } from '../auth/caller.ts';
import { TEST_EVENT } from './webhook-events.ts';
import { placeOf } from './webhook-secrets.ts';
import { deliveryFailed, webhookEndpointUpdated } from './webhooks.events.ts';
import { FAILURES_TO_PAUSE, nextTryMs, type Outcome, restMs } from './webhooks.rules.ts';

/** A try that this node has begun: nobody else begins one of the same delivery until `CLAIM_MS` are over. */
export type ClaimedDelivery = Readonly<{
  id: string;
  organization: OrganizationId;
  endpoint: string;
  event: string;
  type: string;
  url: string;
  body: string;
  /** This one included. */
  attempts: number;
  /** Until it is not tried again. */
  leftMs: number;
  /** The current one first; null when an encryption key is gone. */
  secrets: readonly string[] | null;
}>;

/** What became of a try. */
export type Tried = Outcome & Readonly<{ headers: Readonly<Record<string, string>>; durationMs: number }>;

/** How long a node has for what it took; then another takes it. */
export const CLAIM_MS = 60_000;
/** Tries at one endpoint at a time, over all nodes; one, while it fails or takes its time. */
const CONCURRENCY = 4;
const SLOW_MS = 2_000;

/** Endpoints that have something to do, held against the other nodes until the claim is written. */
const HOLD = `select e.organization_id, e.id, case when e.failures >= ${FAILURES_TO_PAUSE} or e.last_duration_ms > ${SLOW_MS} then 1
                 else ${CONCURRENCY} end as most
    from private.webhook_endpoints e
   where e.enabled and e.due_at <= now()
     and not exists (select from private.organization_suspensions s where s.organization_id = e.organization_id)
   order by e.due_at limit $1 for no key update of e skip locked`;

const HELD = `held as (select * from unnest($1::uuid[], $2::uuid[], $3::int[]) as h (organization_id, endpoint_id, most))`;
const OF = (endpoint: string) =>
  `d.organization_id = ${endpoint}.organization_id and d.endpoint_id = ${endpoint}.endpoint_id`;
const IN_FLIGHT = (endpoint: string) =>
  `(select count(*)::int from private.webhook_deliveries d where ${OF(endpoint)} and d.claimed_until > now())`;
const NEXT = (endpoint: string) => `(select d.next_attempt_at from private.webhook_deliveries d where ${OF(endpoint)}
    and d.state = 'waiting' order by d.next_attempt_at limit 1)`;

const TAKE = `with ${HELD}, free as (select h.*, h.most - ${IN_FLIGHT('h')} as room from held h), taken as (
    select due.* from free f cross join lateral (
      select d.organization_id, d.id from private.webhook_deliveries d
       where ${OF('f')} and d.state = 'waiting' and d.next_attempt_at <= now()
       order by d.next_attempt_at, d.sequence limit greatest(f.room, 0)) due
    limit $4
  )
  update private.webhook_deliveries d
     set attempts = d.attempts + 1, next_attempt_at = now() + $5 * interval '1 ms', claimed_until = now() + $5 * interval '1 ms'
    from taken, private.webhook_events v, private.webhook_endpoints e
   where d.organization_id = taken.organization_id and d.id = taken.id
     and v.organization_id = d.organization_id and v.id = d.event_id
     and e.organization_id = d.organization_id and e.id = d.endpoint_id
  returning d.id, d.organization_id, d.endpoint_id, d.event_id, d.type, d.attempts, e.url, v.body,
            extract(epoch from d.expires_at - now())::float8 * 1000 as left_ms`;

/** With no room left, what ends says when there is more to do. */
const SET_DUE = `with ${HELD}, next as (select h.*, ${IN_FLIGHT('h')} >= h.most as full_up, ${NEXT('h')} as at from held h)
  update private.webhook_endpoints e set due_at = case when next.full_up then now() + $4 * interval '1 ms' else next.at end
    from next where e.organization_id = next.organization_id and e.id = next.endpoint_id`;

type Held = { organization_id: string; id: string; most: number };
type Row = {
  id: string;
  organization_id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  attempts: number;
  url: string;
  body: string;
  left_ms: number;
};
type SecretRow = { endpoint_id: string; id: string; key_id: string; sealed: Buffer };
type Health = { enabled: boolean; failures: number; failing: boolean };

/** What waits to be told to customers' servers, and what became of it. */
@Injectable()
export class WebhookQueueRepository {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
    private readonly facts: Facts,
    private readonly audit: AuditTrail,
  ) {}

  /** Takes up to `limit` of what is due, in turns: of each endpoint no more than it may have at a time. */
  async claim(limit: number): Promise<ClaimedDelivery[]> {
    const rows = await this.system.transaction(async (sql) => {
      const { rows: held } = await sql.query<Held>({ name: 'webhooks.hold', text: HOLD, values: [limit] });
      if (held.length === 0) return [];
      const of = [held.map((one) => one.organization_id), held.map(({ id }) => id), held.map(({ most }) => most)];
      const taken = await sql.query<Row>({ name: 'webhooks.take', text: TAKE, values: [...of, limit, CLAIM_MS] });
      await sql.query({ name: 'webhooks.set_due', text: SET_DUE, values: [...of, CLAIM_MS] });
      return taken.rows;
    });
    if (rows.length === 0) return [];
    const secrets = await this.secretsOf(
      rows.map((row) => ({ organization: row.organization_id, endpoint: row.endpoint_id })),
    );
    return rows.map((row) => ({
      id: row.id,
      organization: OrganizationId.parse(row.organization_id),
      endpoint: row.endpoint_id,
      event: row.event_id,
      type: row.type,
      url: row.url,
      body: row.body,
      attempts: row.attempts,
      leftMs: row.left_ms,
      secrets: secrets.get(row.endpoint_id) ?? null,
    }));
  }

  /** What signs at these endpoints now; an endpoint without any is missing. */
  async secretsOf(of: readonly { organization: string; endpoint: string }[]): Promise<Map<string, string[]>> {
    const { rows } = await this.system.query<SecretRow>({
      name: 'webhooks.secrets',
      text: `select endpoint_id, id, key_id, sealed from private.webhook_secrets
              where (organization_id, endpoint_id) in (select * from unnest($1::uuid[], $2::uuid[]))
                and (expires_at is null or expires_at > now()) order by expires_at desc nulls first`,
      values: [of.map(({ organization }) => organization), of.map(({ endpoint }) => endpoint)],
    });
    const secrets = new Map<string, string[]>();
    for (const row of rows) {
      const secret = this.open(row);
      if (secret !== null) secrets.set(row.endpoint_id, [...(secrets.get(row.endpoint_id) ?? []), secret]);
    }
    return secrets;
  }

  /**
   * Writes down what a try came to, and how its endpoint is. A claim that another node took over meanwhile stays its; the try
   * is logged all the same.
   * @returns whether people see something else now
   */
  async settle(delivery: ClaimedDelivery, tried: Tried, jitter: number): Promise<boolean> {
    const { organization, endpoint, attempts, leftMs, type } = delivery;
    return this.system.transaction(async (sql) => {
      const { rows } = await sql.query<Health>({
        name: 'webhooks.hold_one',
        text: `select enabled, failures, failing_since is not null as failing from private.webhook_endpoints
                where organization_id = $1 and id = $2 for no key update`,
        values: [organization, endpoint],
      });
      const [health] = rows;
      if (!health) return false; // deleted, and its deliveries with it
      const again =
        type === TEST_EVENT || tried.status === 410
          ? null
          : nextTryMs(attempts, tried.retryAfterMs, leftMs - tried.durationMs, jitter);
      const state = tried.error === null ? 'delivered' : again === null ? 'failed' : 'waiting';
      if (!(await this.writeTry(sql, delivery, tried, state, again))) return false;
      if (type !== TEST_EVENT) await this.writeHealth(sql, delivery, tried, health, jitter);
      const failed = state === 'failed' && type !== TEST_EVENT;
      const gone = health.enabled && tried.status === 410 && type !== TEST_EVENT;
      const turned = type !== TEST_EVENT && (tried.error !== null) !== health.failing;
      if (failed) await this.facts.addSql(sql, deliveryFailed(organization, endpoint, delivery.id));
      if (turned || gone) await this.facts.addSql(sql, webhookEndpointUpdated(organization, endpoint));
      if (gone)
        await this.audit.addSql(sql, systemIn(organization), {
          action: 'webhook_endpoint.disabled',
          target: { type: 'webhook_endpoint', id: endpoint },
          changes: { enabled: { from: true, to: false } },
        });
      return failed || turned;
    });
  }

  /** @returns false when the claim was another's by then */
  private async writeTry(
    sql: SystemSql,
    { organization, id, attempts }: ClaimedDelivery,
    { status, answer, error, headers, durationMs }: Tried,
    state: 'waiting' | 'delivered' | 'failed',
    againMs: number | null,
  ): Promise<boolean> {
    const { rows } = await sql.query<{ held: boolean }>({
      name: 'webhooks.write_try',
      text: `with tried as (
          update private.webhook_deliveries set state = $3::text, last_status = $4, last_error = $5, claimed_until = null,
                 settled_at = case when $3::text <> 'waiting' then now() end,
                 next_attempt_at = case when $3::text = 'waiting' then now() + $6::float8 * interval '1 ms' else next_attempt_at end
           where organization_id = $1 and id = $2 and state = 'waiting' and (attempts = $7 or $3::text = 'delivered')
          returning id
        ), noted as (
          insert into private.webhook_attempts (organization_id, id, delivery_id, attempted_at, duration_ms, headers, status, answer, error)
          select $1, $8, id, now() - $9::int * interval '1 ms', $9, $10::jsonb, $4, $11, $5
            from private.webhook_deliveries where organization_id = $1 and id = $2
        ) select count(*) = 1 as held from tried`,
      values: [
        organization,
        id,
        state,
        status,
        error,
        againMs ?? 0,
        attempts,
        newId(),
        durationMs,
        JSON.stringify(headers),
        answer,
      ],
    });
    return rows[0]?.held === true;
  }

  /** An endpoint that fails again and again rests as a whole, so that it takes nobody else's turn. */
  private async writeHealth(
    sql: SystemSql,
    { organization, endpoint }: ClaimedDelivery,
    { error, status, durationMs, retryAfterMs }: Tried,
    { failures }: Health,
    jitter: number,
  ): Promise<void> {
    const rest = error === null ? 0 : restMs(failures + 1, retryAfterMs, jitter);
    await sql.query({
      name: 'webhooks.write_health',
      text: `update private.webhook_endpoints e set last_duration_ms = $3,
               failures = case when $4::text is null then 0 else e.failures + 1 end,
               failing_since = case when $4::text is not null then coalesce(e.failing_since, now()) end,
               last_success_at = case when $4::text is null then now() else e.last_success_at end,
               last_failure_at = case when $4::text is null then e.last_failure_at else now() end,
               last_error = case when $4::text is null then e.last_error else $4 end,
               paused_until = case when $5::float8 > 0 then greatest(e.paused_until, now() + $5::float8 * interval '1 ms')
                                   when $4::text is not null then e.paused_until end,
               enabled = e.enabled and not $6, disabled_reason = case when e.enabled and $6 then 'gone' else e.disabled_reason end,
               disabled_at = case when e.enabled and $6 then now() else e.disabled_at end,
               due_at = case when next.at is not null then greatest(next.at, case when $5::float8 > 0 then now() + $5::float8 * interval '1 ms'
                                   when $4::text is not null then e.paused_until end) end
          from (select ${NEXT('one')} as at from (select $1::uuid as organization_id, $2::uuid as endpoint_id) one) next
         where e.organization_id = $1 and e.id = $2`,
      values: [organization, endpoint, durationMs, error, rest, status === 410],
    });
  }

  private open({ id, key_id: keyId, sealed }: SecretRow): string | null {
    try {
      return this.sealer.open({ keyId, sealed }, placeOf(id)).toString();
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}
