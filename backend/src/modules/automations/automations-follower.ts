import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { FactCursors, type FollowedFact, type Follower } from '../../platform/facts/fact-cursors.ts';
import { FactLoop } from '../../platform/facts/fact-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { OptOutsService } from '../opt-outs/opt-outs.service.ts';
import { says } from '../opt-outs/keywords.ts';
import { type Acting, AutomationActs, type Run, runInPrisma, type ToldEvent } from './automation-acts.ts';
import { AutomationDays } from './automation-days.ts';
import { OWN_EVENTS } from './automations.words.ts';
import type { Changed } from './contact-days-told.repository.ts';
import { type ContactTold, MessagesToldRepository, type MessageTold } from './messages-told.repository.ts';

/** Words by which people opt out are short. */
const WORD_MAX = 60;

/**
 * Its place in the log of facts, and what it reads of it: words that may mean that somebody opts out, and of organizations that
 * wait for messages, contacts or their days those.
 */
const FOLLOWER: Follower = {
  name: 'automations',
  interest: `batch.type = 'message.created' and batch.payload ->> 'direction' = 'inbound' and (
      exists (select from automations a where a.organization_id = batch.organization_id and a.enabled and a.event = 'message_received')
      or exists (select from messages m where m.organization_id = batch.organization_id and m.id = batch.subject and length(m.text) <= ${WORD_MAX}))
    or batch.type = 'contact.created' and exists (
      select from automations a where a.organization_id = batch.organization_id and a.enabled and a.event = 'contact_created')
    or batch.type in ('contact.updated', 'contact.merged') and exists (
      select from automations a where a.organization_id = batch.organization_id and a.enabled and a.event = 'contact_day')`,
};

/** Nobody waits for an answer to what he wrote before; it is also how history is told from what is said now. */
const OLD_MS = 24 * 3_600_000;
/** What somebody wanted before is of another time, also where a phone tells its history. */
const WISH_OLD_MS = 30 * OLD_MS;

/**
 * Makes events of facts: one node at a time, and in one transaction with its place in the log, so that each message is answered
 * once, whoever dies when.
 */
@Injectable()
export class AutomationsFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: FactLoop;

  constructor(
    private readonly clock: Clock,
    signals: Signals,
    cursors: FactCursors,
    private readonly acts: AutomationActs,
    private readonly told: MessagesToldRepository,
    private readonly days: AutomationDays,
    private readonly optOuts: OptOutsService,
  ) {
    this.loop = new FactLoop(clock, signals, cursors, {
      follower: FOLLOWER,
      makes: 'events',
      take: async (tx, facts) => {
        const made = await this.take(tx, facts);
        return () => {
          if (made > 0) signals.send('notifications', {});
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

  /** @returns how many notifications came of them */
  private async take(tx: SystemTx, facts: readonly FollowedFact[]): Promise<number> {
    const run = runInPrisma(tx);
    const now = this.clock.now();
    const spoken = facts.filter(({ type }) => type === 'message.created');
    const said = await this.told.messages(run, spoken);
    const younger = (ms: number) => said.filter(({ sent_at: at }) => now.getTime() - at.getTime() < ms);
    const stopping = await this.heed(run, spoken, younger(WISH_OLD_MS));
    const messages = younger(OLD_MS).filter(({ id }) => !stopping.has(id));
    const contacts = await this.told.contacts(
      run,
      facts.filter(({ type }) => type === 'contact.created'),
    );
    const organizations = [...new Set(facts.map(({ organization }) => organization))];
    const waiting = await this.acts.waitingFor(
      run,
      organizations.flatMap((organization) => OWN_EVENTS.map((name) => ({ organization, name }))),
    );
    const happened = happenedOf(facts, { messages, contacts });
    const wants = (automation: Acting, { id }: ToldEvent) => happened.get(id)?.concerns(automation, now) ?? false;
    const events = [...happened.values()]
      .map(({ event }) => event)
      .filter((event) => waiting.some((one) => isFor(one, event) && wants(one, event)));
    const { notifications } = await this.acts.take(run, events, waiting, { now, wants });
    return notifications + (await this.days.takeChanged(run, changedIn(facts), waiting, now));
  }

  /** Does what people want who opt out or in, in the order in which they said so. @returns the messages by which they opt out */
  private async heed(
    run: Run,
    facts: readonly FollowedFact[],
    recent: readonly MessageTold[],
  ): Promise<ReadonlySet<string>> {
    const words = await this.told.words(run, [...new Set(facts.map(({ organization }) => organization))]);
    const byId = new Map(recent.map((message) => [message.id, message]));
    const wishes = new Map<string, Map<string, 'out' | 'in'>>();
    const stopping = new Set<string>();
    for (const { organization, subject } of facts) {
      const message = byId.get(subject);
      const wish = message ? this.optOuts.wishOf(message.text, words(organization)) : null;
      if (!message || !wish) continue;
      if (wish === 'out') stopping.add(message.id);
      wishes.set(
        organization,
        (wishes.get(organization) ?? new Map<string, 'out' | 'in'>()).set(message.contact_id, wish),
      );
    }
    for (const [organization, wanted] of wishes) await this.optOuts.heed(OrganizationId.parse(organization), wanted);
    return stopping;
  }
}

/** Contacts of which something is known, or is another's, so that their days are to be looked at again. */
const changedIn = (facts: readonly FollowedFact[]): Changed[] =>
  facts
    .filter(({ type }) => type === 'contact.updated' || type === 'contact.merged')
    .flatMap(({ organization, subject, payload: { merged_contact_id: merged } }) =>
      (typeof merged === 'string' ? [subject, merged] : [subject]).map((contact) => ({ organization, contact })),
    );

/** An event, and which automations it concerns. */
type Happened = Readonly<{ event: ToldEvent; concerns: (automation: Acting, now: Date) => boolean }>;

const isFor = (automation: Acting, event: ToldEvent): boolean =>
  automation.organization_id === event.organization && automation.event === event.name;

function happenedOf(
  facts: readonly FollowedFact[],
  { messages, contacts }: { messages: readonly MessageTold[]; contacts: readonly ContactTold[] },
): Map<string, Happened> {
  const message = new Map(messages.map((one) => [one.id, one]));
  const contact = new Map(contacts.map((one) => [one.id, one]));
  const all = facts.flatMap((fact): Happened[] => {
    const [said, known] = [message.get(fact.subject), contact.get(fact.subject)];
    if (said) return [{ event: eventOfMessage(fact, said), concerns: (automation) => isAnswer(automation, said) }];
    return known
      ? [{ event: eventOfContact(fact, known), concerns: (automation, now) => isNews(automation, known, now) }]
      : [];
  });
  return new Map(all.map((one) => [one.event.id, one]));
}

/** Since it was switched on. WhatsApp tells times in whole seconds. */
const isSince = ({ enabled_at: since }: Acting, at: Date): boolean =>
  Math.floor(at.getTime() / 1000) >= Math.floor(since.getTime() / 1000);

/** One that has a number answers what came to that number. */
const isAnswer = (automation: Acting, { session_id: session, sent_at: at, text }: MessageTold): boolean =>
  isSince(automation, at) &&
  (automation.session_id === null || automation.session_id === session) &&
  (automation.keywords.length === 0 || says(text ?? '', automation.keywords, automation.keyword_match));

/** Whom somebody added, or who wrote just now; not whom the phone's history brought along, nor to whom we wrote first. */
const isNews = (
  automation: Acting,
  { created_at: at, wrote_at: wrote, has_messages: said }: ContactTold,
  now: Date,
): boolean => at >= automation.enabled_at && (said ? wrote !== null && now.getTime() - wrote.getTime() < OLD_MS : true);

const eventOfMessage = (fact: FollowedFact, message: MessageTold): ToldEvent => ({
  ...eventOf(fact, 'message_received', message),
  eventId: `message ${message.id}`,
  variables: {
    contact_name: message.contact_name ?? message.phone_number ?? '',
    text: message.text ?? '',
    type: message.type,
  },
  session: message.session_id,
  relatedType: 'message',
  relatedId: message.id,
});

const eventOfContact = (fact: FollowedFact, contact: ContactTold): ToldEvent => ({
  ...eventOf(fact, 'contact_created', contact),
  eventId: `contact ${contact.id}`,
  variables: { contact_name: contact.contact_name ?? contact.phone_number ?? '' },
  session: null,
  relatedType: 'contact',
  relatedId: contact.id,
});

const eventOf = (fact: FollowedFact, name: string, { phone_number: phone }: { phone_number: string | null }) => ({
  organization: fact.organization,
  id: newId(),
  name,
  bodyHash: null,
  phone,
  email: null,
  date: null,
  timeZone: null,
});
