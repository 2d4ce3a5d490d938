import pg from 'pg';
import { House, type LinkedNumber } from '../house/house.ts';
import { until } from '../until.ts';
import { Endpoint, type TellingOutcome } from './endpoint.ts';
import { Killer, type Kills } from './kills.ts';
import { audit, type Finding, isFlawless } from './ledger.ts';

export type OrdealPlan = Readonly<{
  numbers: number;
  /** Each writes with every number. */
  customers: number;
  /** Messages of the numbers to the customers, all conversations together. */
  sends: number;
  /** And the other way round. */
  receives: number;
  kills: Kills;
  /** Also kills a backend that is only just starting. */
  whileStarting: boolean;
  /** Told of what is done, now and then. */
  tell?: (text: string) => void;
}>;

export type OrdealOutcome = Readonly<{
  findings: readonly Finding[];
  kills: Kills;
  undecryptable: number;
  /** Shown again to a phone after a kill, which knew the id and dropped it. */
  dropped: number;
  /** What a webhook endpoint was told meanwhile. */
  telling: TellingOutcome;
  seconds: number;
}>;

/** Messages that may be accepted and not gone: what is killed is to be at all of its work, not at the last part of it. */
const AHEAD_MAX = 300;
const LOOK_MS = 100;
const ARRIVAL_MAX_MS = 180_000;
const AGREEMENT_MAX_MS = 60_000;

type Conversation = { number: LinkedNumber; customer: string; sent: string[]; received: string[] };

/**
 * Lets people write to each other while the parts of the house are killed, and counts what became of each message, at the
 * phones and here. Needs `npm run build` first.
 */
export async function ordeal(plan: OrdealPlan): Promise<OrdealOutcome> {
  const house = await House.start({ env: { OUTGOING_ALLOWED_NETWORKS: '127.0.0.1/32' } });
  const endpoint = await new Endpoint().start();
  try {
    return await new Ordeal(house, plan, endpoint).run();
  } finally {
    await endpoint.stop();
    await house.stop();
  }
}

class Ordeal {
  private readonly killer: Killer;
  private readonly database: pg.Pool;
  private conversations: Conversation[] = [];
  private accepted = 0;
  private waiting = 0;
  private taken = 0;
  private received = 0;

  constructor(
    private readonly house: House,
    private readonly plan: OrdealPlan,
    private readonly endpoint: Endpoint,
  ) {
    this.killer = new Killer(house, plan.whileStarting);
    this.database = new pg.Pool({ connectionString: house.databaseUrl, max: 1, options: '-c role=app_system' });
    this.database.on('error', () => undefined); // it is killed too
  }

  async run(): Promise<OrdealOutcome> {
    const { sends, receives, kills } = this.plan;
    const startedAt = performance.now();
    await this.furnish();
    const ends = new AbortController();
    const looking = this.look(ends.signal);
    try {
      const total = sends + receives;
      await Promise.all([this.writeAll(), this.killer.spread(kills, total, () => this.done())]);
      await until('everything to have left', () => this.done() >= total, { timeoutMs: ARRIVAL_MAX_MS });
    } catch (cause) {
      throw new Error(`${String(cause)}\n${await this.whatWaits().catch(String)}`, { cause });
    } finally {
      ends.abort();
      await looking;
      await this.database.end();
    }
    const findings = await this.findings();
    const telling = await this.endpoint.judge(
      this.conversations.flatMap(({ sent, received }) => [...sent, ...received]),
    );
    await this.killer.count();
    const { undecryptable, dropped, done } = this.killer;
    const seconds = (performance.now() - startedAt) / 1000;
    return { findings, kills: done, undecryptable, dropped, telling, seconds };
  }

  private async furnish(): Promise<void> {
    const { house, plan } = this;
    const api = await house.register();
    await this.endpoint.add(api);
    const customers: string[] = [];
    for (let n = 0; n < plan.customers; n += 1) {
      const phone = await house.phones.createPhone({ name: `Customer ${n}` });
      // Every other one reads what it gets, so that there are blue ticks to be true too.
      if (n % 2 === 1) await house.phones.call('PATCH', `/phones/${phone}`, { autoRead: true });
      customers.push(phone);
    }
    for (let n = 0; n < plan.numbers; n += 1) {
      const number = await house.link(api, `Shop ${n}`);
      for (const customer of customers) this.conversations.push({ number, customer, sent: [], received: [] });
    }
  }

  /** Each conversation in its order, all of them beside each other; every message is given until it is taken. */
  private async writeAll(): Promise<void> {
    const share = (total: number, n: number): number =>
      Math.floor(((n + 1) * total) / this.conversations.length) - Math.floor((n * total) / this.conversations.length);
    await Promise.all(
      this.conversations.flatMap((conversation, n) => [
        this.send(conversation, share(this.plan.sends, n)),
        this.receive(conversation, share(this.plan.receives, n), n),
      ]),
    );
  }

  private async send({ number, customer, sent }: Conversation, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      await this.roomFor('a send', () => this.accepted - this.left() < AHEAD_MAX);
      const { whatsapp_message_id: id } = await number.api.send(number.session, `+${customer}`, `out ${n}`);
      sent.push(id);
      this.accepted += 1;
    }
  }

  private async receive({ number, customer, received }: Conversation, count: number, nth: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      await this.roomFor('an answer', () => this.taken - this.received < AHEAD_MAX);
      const id = `3A${String(nth).padStart(6, '0')}${String(n).padStart(12, '0')}`;
      await this.house.phones.send(customer, { to: number.phone, text: `in ${n}`, id });
      received.push(id);
      this.taken += 1;
    }
  }

  private roomFor(what: string, isThere: () => boolean): Promise<boolean> {
    return until(`room for ${what}`, isThere, { timeoutMs: ARRIVAL_MAX_MS, everyMs: LOOK_MS });
  }

  private left(): number {
    return Math.max(0, this.accepted - this.waiting);
  }

  private done(): number {
    return this.left() + this.received;
  }

  /** Asks the database now and then how far things are; while it is down that is as it was. */
  private async look(ended: AbortSignal): Promise<void> {
    let told = -1;
    await until(
      'the end of the ordeal',
      async () => {
        if (ended.aborted) return true;
        const acceptedBefore = this.accepted;
        const { rows } = await this.database.query<{ waiting: number; received: number }>(
          `select (select count(*)::int from private.outbox) as waiting, (select coalesce(sum(received), 0)::int from session_days) as received`,
        );
        this.waiting = (rows[0]?.waiting ?? 0) + (this.accepted - acceptedBefore);
        this.received = rows[0]?.received ?? 0;
        const percent = Math.floor((100 * this.done()) / (this.plan.sends + this.plan.receives));
        if (percent > told) this.plan.tell?.(`${(told = percent)} % · ${JSON.stringify(this.killer.done)}`);
        return false;
      },
      { timeoutMs: 24 * 3_600_000, everyMs: LOOK_MS },
    );
  }

  /** Where things have come to a stop. */
  private async whatWaits(): Promise<string> {
    const { rows } = await this.database.query<Record<string, unknown>>(
      `select o.session_id, s.state, l.epoch, o.claimed_epoch, o.send_after, o.attempts, o.new_chat, count(*)::int as messages
         from private.outbox o join sessions s on s.id = o.session_id left join private.session_leases l using (session_id)
        group by 1, 2, 3, 4, 5, 6, 7 order by 1, 8 desc limit 40`,
    );
    const { accepted, taken, received } = this;
    return [{ accepted, taken, received, left: this.left() }, ...rows].map((row) => JSON.stringify(row)).join('\n');
  }

  /** Of each number, once all is where it belongs and both sides agree, or the time for that is over. */
  private async findings(): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const session of new Set(this.conversations.map(({ number }) => number.session))) {
      const conversations = this.conversations.filter(({ number }) => number.session === session);
      let found: Finding[] = [];
      await until(
        'the sides to agree',
        async () => {
          found = await this.findingsOf(conversations);
          return found.every(isFlawless);
        },
        { timeoutMs: AGREEMENT_MAX_MS, everyMs: 500 },
      ).catch((error: unknown) => {
        if (found.length === 0) throw error; // else they say what is wrong
      });
      findings.push(...found);
    }
    return findings;
  }

  private async findingsOf(conversations: readonly Conversation[]): Promise<Finding[]> {
    const [first] = conversations;
    if (!first) return [];
    const here = (await first.number.api.messages(first.number.session)).toReversed();
    const statuses = new Map(here.map((m) => [m.whatsapp_message_id, m.status]));
    const found: Finding[] = [];
    for (const { number, customer, sent, received } of conversations) {
      const there = await this.house.phones.messages(customer, number.phone);
      const shown = there.filter((m) => m.direction === 'in');
      const known = new Set(received);
      const name = `${number.phone} → ${customer}`;
      found.push(
        audit({
          name,
          taken: sent,
          arrived: shown.map(({ id }) => id),
          statuses: shown.map(({ id, status }) => ({ id, here: statuses.get(id) ?? '', there: status ?? '' })),
        }),
        audit({
          name: name.replace('→', '←'),
          taken: received,
          arrived: here.map((m) => m.whatsapp_message_id).filter((id) => known.has(id)),
          statuses: [],
        }),
      );
    }
    return found.filter(({ taken, arrived }) => taken + arrived > 0);
  }
}
