import { setTimeout as latency } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inOrder } from '../../../../../testing/in-order.ts';
import { until } from '../../../../../testing/until.ts';
import { SystemDb } from '../../../platform/database/system-db.ts';
import { Wire, type WireNumber, whatsAppIdOf } from '../../../testing/wire.ts';
import { OrganizationId, SessionId } from '../../../kernel/ids.ts';
import { type KeyChanges, SessionKeysRepository } from '../session-keys.repository.ts';
import type { Lease } from '../session-traffic.ts';

const LATENCY_MS = 5;
const PER_CUSTOMER = 30;

/** The real repository behind a slow line. */
class SlowKeys extends SessionKeysRepository {
  static readonly saved: KeyChanges[] = [];

  override async save(lease: Lease, changes: KeyChanges): Promise<void> {
    SlowKeys.saved.push(changes);
    await latency(LATENCY_MS);
    await super.save(lease, changes);
    await latency(LATENCY_MS);
  }
  override async read(lease: Lease, type: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    await latency(LATENCY_MS);
    const rows = await super.read(lease, type, ids);
    await latency(LATENCY_MS);
    return rows;
  }
}

describe.each(['lid', 'pn'] as const)('with messages addressed by %s and a key store 5 ms away', (addressing) => {
  let wire: Wire;
  let number: WireNumber;
  let customers: string[];

  beforeAll(async () => {
    wire = await Wire.start({
      addressing,
      override: (testing) => testing.overrideProvider(SessionKeysRepository).useClass(SlowKeys),
    });
    number = await wire.link();
    customers = [await wire.phones.createPhone({ name: 'Omar' }), await wire.phones.createPhone({ name: 'Noa' })];
    for (const customer of customers) await greet(customer);
  }, 60_000);
  afterAll(() => wire.close());

  const into = (customer: string, n: number) => `${customer} asks ${n}`;
  const out = (customer: string, n: number) => `answer ${n} to ${customer}`;
  const numbered = Array.from({ length: PER_CUSTOMER }, (_, n) => n);

  /** One after the other: two who write first at the same time rightly have two sessions. */
  async function greet(customer: string): Promise<void> {
    await write(customer, 0);
    await until('the greeting', async () => (await wire.textsReceived(number)).includes(into(customer, 0)));
    await wire.api.send(number.session, `+${customer}`, out(customer, 0));
    await until('the answer', async () => (await wire.textsOnPhone(customer, number)).length === 1);
  }

  const write = (customer: string, n: number) =>
    wire.phones.send(customer, { to: number.phone, text: into(customer, n), id: whatsAppIdOf(into(customer, n)) });

  /** How many Signal sessions are kept with each device. */
  async function sessionsKept(): Promise<Record<string, number>> {
    const session = SessionId.parse(number.session);
    const { rows } = await wire.app.app
      .get(SystemDb)
      .query<{ id: string; organization_id: string }>(
        `select id, organization_id from private.session_keys where session_id = $1 and type = 'session'`,
        [session],
      );
    const organization = OrganizationId.parse(rows[0]?.organization_id);
    const ids = rows.map(({ id }) => id);
    const records = await wire.app.app
      .get(SessionKeysRepository)
      .read({ organization, session, epoch: 0n }, 'session', ids);
    return Object.fromEntries(
      [...records].map(([id, bytes]) => {
        const { _sessions: sessions } = JSON.parse(bytes.toString()) as { _sessions: object };
        return [id, Object.keys(sessions).length];
      }),
    );
  }

  async function chat(from: number, to: number): Promise<void> {
    const range = numbered.slice(from, to);
    await Promise.all(
      customers.flatMap((customer) => [
        ...range.map((n) => write(customer, n)),
        ...range.map((n) => wire.api.send(number.session, `+${customer}`, out(customer, n))),
      ]),
    );
  }

  it('every message of 60 each way arrives once, over a connection that drops in the middle', async () => {
    const before = await sessionsKept();
    const firstHalf = chat(1, PER_CUSTOMER / 2);
    await until('traffic', async () => (await wire.textsReceived(number)).length > customers.length);
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    await until('the drop', async () => (await wire.api.session(number.session)).state !== 'connected');
    await Promise.all([firstHalf, chat(PER_CUSTOMER / 2, PER_CUSTOMER)]);
    await wire.connected(number.session);

    for (const customer of customers) {
      const onPhone = await until('the answers', async () => {
        const texts = await wire.textsOnPhone(customer, number);
        return texts.length >= PER_CUSTOMER && texts;
      });
      expect(inOrder(onPhone)).toEqual(inOrder(numbered.map((n) => out(customer, n))));
    }
    const received = await until('the questions', async () => {
      const texts = await wire.textsReceived(number);
      return texts.length >= customers.length * PER_CUSTOMER && texts;
    });
    expect(inOrder(received)).toEqual(inOrder(customers.flatMap((one) => numbered.map((n) => into(one, n)))));
    expect(await wire.phones.stats()).toMatchObject({ undecryptable: 0, unknownStanzas: {} });
    expect(Object.keys(before).length).toBeGreaterThanOrEqual(customers.length);
    expect(await sessionsKept()).toEqual(before);
    expect(new Set(Object.values(before))).toEqual(new Set([1]));
  }, 90_000);

  it('what waited at the server is stored before what is written while that is read', async () => {
    const customer = await wire.phones.createPhone();
    const mine = numbered.map((n) => into(customer, n));
    await write(customer, 0);
    await until('the first', async () => (await wire.textsReceived(number)).includes(into(customer, 0)));
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    await until('the drop', async () => (await wire.api.session(number.session)).state !== 'connected');
    for (const n of numbered.slice(1, PER_CUSTOMER / 2)) await write(customer, n);
    await wire.connected(number.session);
    for (const n of numbered.slice(PER_CUSTOMER / 2)) await write(customer, n);
    const received = await until('all of it', async () => {
      const texts = (await wire.textsReceived(number)).filter((text) => mine.includes(text));
      return texts.length >= PER_CUSTOMER && texts;
    });
    expect(received.toReversed()).toEqual(mine);
  }, 60_000);

  it('what one person writes to two numbers at once is stored with the ratchet that opened it', async () => {
    const [customer, other] = await Promise.all([wire.phones.createPhone(), wire.link()]);
    const numbers = [number, other];
    SlowKeys.saved.splice(0);
    const texts = numbered.map((n) => `${customer} tells both ${n}`);
    for (const text of texts) {
      await Promise.all(
        numbers.map(({ phone }) =>
          wire.phones.send(customer, { to: phone, text, id: whatsAppIdOf(`${text} ${phone}`) }),
        ),
      );
    }
    for (const one of numbers) {
      await until('all of it', async () => {
        const received = new Set(await wire.textsReceived(one));
        return texts.every((text) => received.has(text));
      });
    }
    const stepsWithout = SlowKeys.saved
      .filter(({ delivered }) => !delivered.some(({ kind }) => kind === 'message'))
      .flatMap(({ stored }) => stored.filter(({ type }) => type === 'session').map(({ id }) => id));
    expect(stepsWithout).toEqual([]);
  }, 60_000);
});
