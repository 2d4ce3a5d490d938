import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { FactCursors, type FollowedFact, type Follower } from '../../platform/facts/fact-cursors.ts';
import { FactLoop } from '../../platform/facts/fact-loop.ts';
import { type SignalTopics, Signals } from '../../platform/signals/signals.ts';

/** What somebody writes so long after his message is an answer to it. */
const REPLY_DAYS = 7;

/** What comes in where somebody was written to by a broadcast. */
const FOLLOWER: Follower = {
  name: 'broadcasts',
  interest: `batch.type = 'message.created' and batch.payload ->> 'direction' = 'inbound'
    and exists (select from broadcasts b where b.organization_id = batch.organization_id)`,
};

/**
 * Everybody who has not answered yet, by what he said first; WhatsApp tells times in whole seconds. An answer may be here before
 * WhatsApp's word that our message has left. Whoever was merged since then is found by what is shown now.
 */
const REPLIED = `with said as (
    select i.organization_id, i.session_id, i.sent_at, c.id as contact_id
      from messages i
      join conversations v on v.organization_id = i.organization_id and v.id = i.conversation_id
      join contacts c on c.organization_id = i.organization_id and (c.id = v.contact_id or c.merged_into = v.contact_id)
     where (i.organization_id, i.id) in (select * from unnest($1::uuid[], $2::uuid[])) and i.direction = 'inbound' and i.sent_at is not null
  ), first as (
    select r.organization_id, r.broadcast_id, r.id, min(said.sent_at) as at
      from said
      join broadcast_recipients r on r.organization_id = said.organization_id and r.contact_id = said.contact_id and r.replied_at is null
      join messages m on m.organization_id = r.organization_id and m.id = r.message_id and m.session_id = said.session_id
     where case when m.sent_at is null then m.status = 'sending' and m.created_at <= said.sent_at
                else said.sent_at >= date_trunc('second', m.sent_at) and said.sent_at < m.sent_at + interval '${REPLY_DAYS} days' end
     group by 1, 2, 3
  ), replied as (
    update broadcast_recipients r set replied_at = first.at from first
     where r.organization_id = first.organization_id and r.broadcast_id = first.broadcast_id and r.id = first.id
    returning r.organization_id, r.broadcast_id
  )
  update jobs j set result = jsonb_build_object('replied', coalesce((j.result ->> 'replied')::int, 0) + counted.n)
    from (select organization_id, broadcast_id, count(*)::int as n from replied group by 1, 2) counted
   where j.organization_id = counted.organization_id and j.id = counted.broadcast_id
  returning j.organization_id::text as organization, j.id::text as job_id, j.kind, j.state, j.total, j.counts, j.result`;

/** Nobody waits for a count as for an answer. */
const REST_MS = 200;

type Progress = SignalTopics['job_progress'];

/**
 * Finds who answered: one node at a time, and in one transaction with its place in the log of facts, so that each is counted
 * once. It does as much as people write, however many a broadcast was sent to.
 */
@Injectable()
export class BroadcastReplies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: FactLoop;

  constructor(clock: Clock, signals: Signals, cursors: FactCursors) {
    this.loop = new FactLoop(clock, signals, cursors, {
      follower: FOLLOWER,
      makes: 'answers',
      restMs: REST_MS,
      take: async (tx, facts) => {
        const moved = await countReplies(tx, facts);
        return () => {
          for (const progress of moved) signals.send('job_progress', progress);
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
}

const countReplies = (tx: SystemTx, facts: readonly FollowedFact[]): Promise<Progress[]> =>
  tx.$queryRawUnsafe<Progress[]>(
    REPLIED,
    facts.map(({ organization }) => organization),
    facts.map(({ subject }) => subject),
  );
