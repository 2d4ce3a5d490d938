import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { FactCursors, type FollowedFact, type Follower } from '../../platform/facts/fact-cursors.ts';
import { FactLoop } from '../../platform/facts/fact-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { ContactsService } from '../contacts/contacts.service.ts';
import { MessagesService } from '../messages/messages.service.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { bodyOf, isWebhookEventType, WEBHOOK_EVENTS } from './webhook-events.ts';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from './webhooks.words.ts';
import { EXPIRES_MS } from './webhooks.rules.ts';

/** Its place in the log of facts, and what it reads of it: of organizations without an endpoint nothing. */
const FOLLOWER: Follower = {
  name: 'webhooks',
  interest: `batch.type in (${WEBHOOK_EVENT_TYPES.map((type) => `'${type}'`).join(', ')}) and exists (
    select from private.webhook_endpoints e where e.organization_id = batch.organization_id and e.enabled)`,
};

type Told = FollowedFact & { type: WebhookEventType };
type Viewed = 'message' | 'session' | 'contact';
type Endpoint = { organization_id: string; id: string; event_types: string[] | null; created_at: Date };

/**
 * Makes deliveries of facts: one node at a time, and in one transaction with its place in the log, so that nothing is told
 * that did not commit, and nothing that did is left out. As many statements for a batch of facts as for one.
 */
@Injectable()
export class WebhookExpander implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: FactLoop;

  constructor(
    clock: Clock,
    signals: Signals,
    cursors: FactCursors,
    private readonly messages: MessagesService,
    private readonly sessions: SessionsService,
    private readonly contacts: ContactsService,
  ) {
    this.loop = new FactLoop(clock, signals, cursors, {
      follower: FOLLOWER,
      makes: 'deliveries',
      take: async (tx, facts) => {
        const made = await this.expand(tx, facts);
        return () => {
          if (made) signals.send('webhook_deliveries', {});
        };
      },
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  private async expand(tx: SystemTx, facts: readonly FollowedFact[]): Promise<boolean> {
    const endpoints = await tx.$queryRaw<Endpoint[]>`
      select organization_id, id, event_types, created_at from private.webhook_endpoints
       where enabled and organization_id = any (${[...new Set(facts.map(({ organization }) => organization))]}::uuid[])`;
    const wanted = facts.filter(isTold).flatMap((fact) => {
      const to = endpoints.filter((one) => one.organization_id === fact.organization && takes(one, fact));
      return to.length > 0 ? [{ fact, to }] : [];
    });
    if (wanted.length === 0) return false;
    const dataOf = await this.views(
      tx,
      wanted.map(({ fact }) => fact),
    );
    const told = wanted.flatMap(({ fact, to }) => {
      const data = dataOf(fact);
      return data === undefined ? [] : [{ fact, to, body: bodyOf(fact.type, fact.time, data) }];
    });
    await tx.$executeRaw`
      insert into private.webhook_events (organization_id, id, type, body, occurred_at)
      select (e ->> 'organization')::uuid, (e ->> 'uid')::uuid, e ->> 'type', e ->> 'body', (e ->> 'time')::timestamptz
        from jsonb_array_elements(${JSON.stringify(told.map(({ fact, body }) => ({ ...fact, payload: null, body })))}::jsonb) e
      on conflict do nothing`;
    const deliveries = told.flatMap(({ fact: { organization, uid, type }, to }) =>
      to.map(({ id: endpoint }) => ({ organization, id: newId(), endpoint, event: uid, type })),
    );
    await this.write(tx, deliveries);
    return deliveries.length > 0;
  }

  private async write(
    tx: SystemTx,
    deliveries: readonly Readonly<Record<'organization' | 'id' | 'endpoint' | 'event' | 'type', string>>[],
  ): Promise<void> {
    await tx.$executeRaw`
      insert into private.webhook_deliveries (organization_id, id, endpoint_id, event_id, type, expires_at)
      select (d ->> 'organization')::uuid, (d ->> 'id')::uuid, (d ->> 'endpoint')::uuid, (d ->> 'event')::uuid, d ->> 'type',
             now() + ${EXPIRES_MS}::float8 * interval '1 ms'
        from jsonb_array_elements(${JSON.stringify(deliveries)}::jsonb) with ordinality as l (d, n) order by n
      on conflict do nothing`;
    await tx.$executeRaw`
      with held as (
        select organization_id, id from private.webhook_endpoints
         where (organization_id, id) in (select * from unnest(${deliveries.map((one) => one.organization)}::uuid[], ${deliveries.map((one) => one.endpoint)}::uuid[]))
         order by organization_id, id for no key update
      )
      update private.webhook_endpoints e set due_at = least(e.due_at, greatest(now(), e.paused_until))
        from held where e.organization_id = held.organization_id and e.id = held.id`;
  }

  /** What is told of each; undefined of what is there no more. */
  private async views(tx: SystemTx, facts: readonly Told[]): Promise<(fact: Told) => unknown> {
    const subjects = (of: Viewed) =>
      facts
        .filter(({ type }) => WEBHOOK_EVENTS[type].of === of)
        .map(({ organization, subject }) => ({ organization, id: subject }));
    const messages = await this.messages.viewsOf(tx, subjects('message'));
    const sessions = await this.sessions.viewsOf(tx, subjects('session'));
    const contacts = await this.contacts.viewsOf(tx, subjects('contact'));
    const views: Readonly<Record<Viewed, ReadonlyMap<string, object>>> = {
      message: messages,
      session: sessions,
      contact: contacts,
    };
    return ({ type, organization, subject, payload }) => {
      const { of } = WEBHOOK_EVENTS[type];
      if (of === 'fact') return payload;
      const view = views[of].get(`${organization} ${subject}`);
      return view && { ...view, ...momentOf(type, payload) };
    };
  }
}

/** The log may be read long after what it says: an endpoint is told of nothing that was before it. */
const takes = ({ event_types: types, created_at: since }: Endpoint, { type, time }: FollowedFact): boolean =>
  time >= since && (types === null || types.length === 0 || types.includes(type));

const isTold = (fact: FollowedFact): fact is Told => isWebhookEventType(fact.type);

/** What the event itself is about is told as it was then; meanwhile it may have gone on, which is the next event. */
function momentOf(type: WebhookEventType, payload: Record<string, unknown>): object {
  if (type === 'message.status') return { status: payload['status'] };
  if (type === 'session.status') return { state: payload['state'], reason: payload['reason'] };
  return {};
}
