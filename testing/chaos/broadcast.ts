import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { BroadcastView } from '../../backend/src/modules/broadcasts/broadcasts.dto.ts';
import type { ApiClient } from '../house/api-client.ts';
import { addGroup } from '../house/groups.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { until } from '../until.ts';
import { Killer, type Kills } from './kills.ts';
import { audit, type Finding, isFlawless } from './ledger.ts';

export type BroadcastPlan = Readonly<{
  recipients: number;
  /** Numbers that share it. */
  numbers: number;
  kills: Kills;
  /** How often it is paused and resumed. */
  pauses: number;
  /** Told of what is done, now and then. */
  tell?: (text: string) => void;
}>;

export type BroadcastOutcome = Readonly<{
  finding: Finding;
  /** What the broadcast says of itself in the end. */
  view: BroadcastView;
  kills: Kills;
  undecryptable: number;
  seconds: number;
}>;

const PHONES_AT_ONCE = 8;
/** Counting ten thousand takes its time, too: who looks too often watches himself. */
const LOOK_MS = 500;
const ARRIVAL_MAX_MS = 600_000;
/** What takes as long as the whole of it. */
const ORDEAL_MAX_MS = 6 * 3_600_000;
const AGREEMENT_MAX_MS = 120_000;

/**
 * Sends a broadcast to the people of two groups that overlap, while the parts of the house are killed and it is paused and
 * resumed, also while it is launched, and counts at every phone what came of it. Needs `npm run build` first.
 */
export async function broadcastOrdeal(plan: BroadcastPlan): Promise<BroadcastOutcome> {
  const house = await House.start();
  const database = new pg.Pool({ connectionString: house.databaseUrl, max: 1, options: '-c role=app_system' });
  database.on('error', () => undefined); // it is killed too
  let outcome: BroadcastOutcome;
  try {
    outcome = await new BroadcastOrdeal(house, database, plan).run();
  } catch (error) {
    await house.stop().catch(() => undefined); // a part may be down; what went wrong first is what is told
    throw error;
  } finally {
    await database.end();
  }
  await house.stop();
  return outcome;
}

class BroadcastOrdeal {
  private readonly killer: Killer;
  private readonly people: string[] = [];
  private readonly numbers: LinkedNumber[] = [];
  private api!: ApiClient;
  private id = '';
  private left = 0;

  constructor(
    private readonly house: House,
    private readonly database: pg.Pool,
    private readonly plan: BroadcastPlan,
  ) {
    this.killer = new Killer(house, true);
  }

  async run(): Promise<BroadcastOutcome> {
    const startedAt = performance.now();
    const { recipients, kills } = this.plan;
    const groups = await this.furnish();
    const ends = new AbortController();
    const looking = this.look(ends.signal);
    try {
      await Promise.all([this.launch(groups), this.killer.spread(kills, recipients, () => this.left), this.decide()]);
      await until('everything to have left', async () => (await this.view()).state === 'completed', {
        timeoutMs: ORDEAL_MAX_MS,
        everyMs: LOOK_MS,
      });
    } finally {
      ends.abort();
      await looking;
    }
    const finding = await this.finding();
    await this.killer.count();
    const view = await this.view();
    const { undecryptable, done } = this.killer;
    return { finding, view, kills: done, undecryptable, seconds: (performance.now() - startedAt) / 1000 };
  }

  /** Numbers, and people in two groups of which each has two thirds of them. */
  private async furnish(): Promise<string[]> {
    const { house, plan } = this;
    this.api = await house.register();
    for (let n = 0; n < plan.numbers; n += 1) this.numbers.push(await house.link(this.api, `Shop ${n}`));
    let missing = plan.recipients;
    const make = async (): Promise<void> => {
      while (missing-- > 0) this.people.push(await house.phones.createPhone());
    };
    await Promise.all(Array.from({ length: PHONES_AT_ONCE }, make));
    const shown = this.people.map((phone) => ({ phone: `+${phone}`, lid: null }));
    const third = Math.ceil(shown.length / 3);
    const own = this.numbers.map(({ phone }) => ({ phone: `+${phone}`, lid: null }));
    return [
      await addGroup(this.database, this.api.organization, 1, [...own, ...shown.slice(0, 2 * third)]),
      await addGroup(this.database, this.api.organization, 2, shown.slice(third)),
    ];
  }

  /** Asked for again until it is answered, as whoever does not know what became of it: the key makes one broadcast of it. */
  private async launch(jids: string[]): Promise<void> {
    const request = {
      name: 'Ordeal',
      audience: { groups: { jids } },
      content: { type: 'text', text: '{Hello|Hi}, we are open!' },
      session_ids: this.numbers.map(({ session }) => session),
    };
    const headers = { 'Idempotency-Key': randomUUID() };
    await until(
      'the broadcast to be taken',
      async () => {
        this.id = BroadcastView.parse(await this.api.call('POST', '/broadcasts', request, headers)).id;
        return true;
      },
      { timeoutMs: ARRIVAL_MAX_MS },
    );
  }

  private async view(): Promise<BroadcastView> {
    return BroadcastView.parse(await this.api.call('GET', `/broadcasts/${this.id}`));
  }

  /** At random moments of its work; each time nothing leaves any more until it is resumed. */
  private async decide(): Promise<void> {
    const { pauses, recipients } = this.plan;
    const moments = Array.from({ length: pauses }, () => Math.random() * recipients * 0.9).toSorted((a, b) => a - b);
    for (const moment of moments) {
      await until('the moment of a pause', () => this.id !== '' && this.left >= moment, { timeoutMs: ORDEAL_MAX_MS });
      await this.order('pause', 'paused');
      await until('it to rest', async () => (await this.view()).counts.sending === 0, { timeoutMs: ARRIVAL_MAX_MS });
      await this.order('resume', 'running');
    }
  }

  /** Until it is so, whatever is killed meanwhile; what is over already is let be. */
  private order(order: 'pause' | 'resume', state: string): Promise<boolean> {
    return until(
      `it to be ${state}`,
      async () => {
        const before = (await this.view()).state;
        if (before === state || before === 'completed') return true;
        await this.api.call('POST', `/broadcasts/${this.id}/${order}`);
        return false;
      },
      { timeoutMs: ARRIVAL_MAX_MS },
    );
  }

  /** Asks the database now and then how far it is; while that is down it is as it was. */
  private async look(ended: AbortSignal): Promise<void> {
    let told = -1;
    await until(
      'the end of the ordeal',
      async () => {
        if (ended.aborted) return true;
        const { rows } = await this.database.query<{ left: number }>(
          `select count(*) filter (where status not in ('queued', 'pending', 'sending'))::int as left from messages where trigger = 'broadcast'`,
        );
        this.left = rows[0]?.left ?? this.left;
        const percent = Math.floor((100 * this.left) / this.plan.recipients);
        if (percent > told) this.plan.tell?.(`${(told = percent)} % · ${JSON.stringify(this.killer.done)}`);
        return false;
      },
      { timeoutMs: 24 * 3_600_000, everyMs: LOOK_MS },
    );
  }

  /** Of all phones, once all is where it belongs and both sides agree, or the time for that is over. */
  private async finding(): Promise<Finding> {
    let found: Finding | undefined;
    await until(
      'the sides to agree',
      async () => {
        found = await this.findingNow();
        return isFlawless(found);
      },
      { timeoutMs: AGREEMENT_MAX_MS, everyMs: 1_000 },
    ).catch((error: unknown) => {
      if (!found) throw error; // else it says what is wrong
    });
    if (!found) throw new Error('nothing was found');
    return found;
  }

  /** Each person was to get one message, whichever number it is from. */
  private async findingNow(): Promise<Finding> {
    const { rows } = await this.database.query<{ id: string; status: string }>(
      `select whatsapp_message_id as id, status from messages where trigger = 'broadcast'`,
    );
    const here = new Map(rows.map(({ id, status }) => [id, status]));
    const arrived: string[] = [];
    const statuses: { id: string; here: string; there: string }[] = [];
    for (const person of this.people)
      for (const { phone } of this.numbers)
        for (const { direction, id, status } of await this.house.phones.messages(person, phone)) {
          if (direction !== 'in') continue;
          arrived.push(person);
          statuses.push({ id, here: here.get(id) ?? '', there: status ?? '' });
        }
    return audit({ name: 'broadcast', taken: this.people, arrived, statuses });
  }
}

/** Everybody got it once, and the broadcast says so. */
export function isTrue({ finding, view, undecryptable }: BroadcastOutcome, recipients: number): boolean {
  const { counts, total } = view;
  const sum = Object.values(counts).reduce((all, one) => all + one, 0);
  const arrived = counts.delivered + counts.read + counts.played;
  return isFlawless(finding) && undecryptable === 0 && [total, sum, arrived].every((count) => count === recipients);
}
