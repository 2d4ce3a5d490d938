import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { FactCursors, type FollowedFact, type Follower } from '../../platform/facts/fact-cursors.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { type Acting, AutomationActs, runInPrisma, type ToldEvent } from './automation-acts.ts';
import { says } from './keywords.ts';
import { MessagesToldRepository, type MessageTold } from './messages-told.repository.ts';

/** Its place in the log of facts, and what it reads of it: of organizations that wait for nothing, nothing. */
const FOLLOWER: Follower = {
  name: 'automations',
  interest: `batch.type = 'message.created' and batch.payload ->> 'direction' = 'inbound' and exists (
    select from automations a where a.organization_id = batch.organization_id and a.enabled and a.event = 'message_received')`,
};

/** Covers a signal that was lost. */
const SWEEP_MS = 2_000;
/** Signals of the meantime are one look; also how soon is looked again at what an older transaction holds back. */
const REST_MS = 50;
const SHUTDOWN_WAIT_MS = 5_000;
/** Nobody waits for an answer to what he wrote before; it is also how history is told from what is said now. */
const OLD_MS = 24 * 3_600_000;

/**
 * Makes events of facts: one node at a time, and in one transaction with its place in the log, so that each message is answered
 * once, whoever dies when.
 */
@Injectable()
export class AutomationsFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(AutomationsFollower.name);
  private readonly loop: WorkLoop;

  constructor(
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly cursors: FactCursors,
    private readonly acts: AutomationActs,
    private readonly messages: MessagesToldRepository,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'facts', sweepMs: SWEEP_MS },
      () => this.run(),
      (error) => this.log.warn({ error: String(error) }, 'facts not made into events; the sweep tries again'),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.cursors.begin(FOLLOWER);
    if (await this.cursors.skipForgotten(FOLLOWER))
      this.log.error('facts were forgotten before automations saw them: no node ran for longer than they are kept');
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async run(): Promise<void> {
    let step: Awaited<ReturnType<FactCursors['advance']>>;
    do {
      let made = 0;
      step = await this.cursors.advance(FOLLOWER, async (tx, facts) => {
        made = await this.take(tx, facts);
      });
      if (made > 0) this.signals.send('notifications', {});
    } while (step === 'more' && !this.loop.stopped);
    await this.clock.pause(REST_MS).over;
    if (step === 'unsettled') this.loop.wake();
  }

  /** @returns how many notifications came of them */
  private async take(tx: SystemTx, facts: readonly FollowedFact[]): Promise<number> {
    const run = runInPrisma(tx);
    const organizations = [...new Set(facts.map(({ organization }) => organization))];
    const waiting = await this.acts.waitingFor(
      run,
      organizations.map((organization) => ({ organization, name: 'message_received' })),
    );
    const now = this.clock.now();
    const told = new Map(
      (await this.messages.of(run, facts))
        .filter(({ sent_at: at }) => now.getTime() - at.getTime() < OLD_MS)
        .map((message) => [message.id, message]),
    );
    const wants = (automation: Acting, { id }: ToldEvent) => {
      const message = messageOf.get(id);
      return message !== undefined && isAnswer(automation, message);
    };
    const messageOf = new Map<string, MessageTold>();
    const events = facts.flatMap((fact) => {
      const message = told.get(fact.subject);
      if (!message || !waiting.some((one) => one.organization_id === fact.organization && isAnswer(one, message)))
        return [];
      const event = eventOf(fact, message);
      messageOf.set(event.id, message);
      return [event];
    });
    return (await this.acts.take(run, events, waiting, { now, wants })).notifications;
  }
}

/** One that has a number answers what came to that number. */
const isAnswer = (automation: Acting, { session_id: session, sent_at: at, text }: MessageTold): boolean =>
  at >= automation.enabled_at &&
  (automation.session_id === null || automation.session_id === session) &&
  (automation.keywords.length === 0 || says(text ?? '', automation.keywords, automation.keyword_match));

const eventOf = (fact: FollowedFact, message: MessageTold): ToldEvent => ({
  organization: fact.organization,
  id: newId(),
  eventId: `message ${message.id}`,
  name: 'message_received',
  bodyHash: null,
  phone: message.phone_number,
  email: null,
  variables: {
    contact_name: message.contact_name ?? message.phone_number ?? '',
    text: message.text ?? '',
    type: message.type,
  },
  date: null,
  timeZone: null,
  session: message.session_id,
  relatedType: 'message',
  relatedId: message.id,
});
