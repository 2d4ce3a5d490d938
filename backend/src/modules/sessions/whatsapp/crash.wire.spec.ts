import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inOrder } from '../../../../../testing/in-order.ts';
import { until } from '../../../../../testing/until.ts';
import { Strikes, struckInbound, struckKeys, type When } from '../../../testing/strikes.ts';
import { Wire, type WireNumber, whatsAppIdOf } from '../../../testing/wire.ts';
import { InboundRepository } from '../../messages/inbound.repository.ts';
import { ReceiptsRepository } from '../../messages/receipts.repository.ts';
import { SessionKeysRepository } from '../session-keys.repository.ts';
import type { IncomingReceipt, Lease } from '../session-traffic.ts';

const saves = new Strikes();
const messages = new Strikes();
const receipts = new Strikes();

class StruckReceipts extends ReceiptsRepository {
  override store(lease: Lease, batch: readonly IncomingReceipt[]): Promise<void> {
    return receipts.around(lease.session, () => super.store(lease, batch));
  }
}

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start({
    override: (testing) =>
      testing
        .overrideProvider(SessionKeysRepository)
        .useClass(struckKeys(saves))
        .overrideProvider(InboundRepository)
        .useClass(struckInbound(messages))
        .overrideProvider(ReceiptsRepository)
        .useClass(StruckReceipts),
  });
}, 60_000);
afterAll(() => wire.close());

const rounds = Array.from({ length: 6 }, (_, n) => n);
const asked = (n: number) => `question ${n}`;
const answered = (n: number) => `answer ${n}`;
const PATIENT = { timeoutMs: 60_000, everyMs: 200 };

/** One question and one answer at a time: the next when both have arrived, so that steps are many and batches small. */
async function chat(number: WireNumber, customer: string): Promise<void> {
  for (const n of rounds) {
    const text = asked(n);
    await wire.phones.send(customer, { to: number.phone, text, id: whatsAppIdOf(`${customer} ${text}`) });
    await until(text, async () => (await wire.textsReceived(number)).includes(text), PATIENT);
    const { message_id: id } = await wire.api.send(number.session, `+${customer}`, answered(n));
    await until(
      `${answered(n)} to be delivered`,
      async () => (await wire.api.messages(number.session)).some((one) => one.id === id && one.status === 'delivered'),
      PATIENT,
    );
  }
}

async function survives(strikes: Strikes, when: When, calls: readonly number[]): Promise<void> {
  const [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  strikes.arm(number.session, when, calls);
  await chat(number, customer);
  expect(inOrder(await wire.textsOnPhone(customer, number))).toEqual(inOrder(rounds.map(answered)));
  expect(inOrder(await wire.textsReceived(number))).toEqual(inOrder(rounds.map(asked)));
  expect(strikes.left(number.session)).toBe(0);
}

const calls = Array.from({ length: 12 }, (_, n) => n + 1);

describe.each(['before', 'after'] as const)('a failure %s', (when) => {
  it('any of twelve writes of keys ends the connection and loses nothing', async () => {
    await Promise.all(calls.map((call) => survives(saves, when, [call])));
    expect(await wire.phones.stats()).toMatchObject({ undecryptable: 0, unknownStanzas: {} });
  }, 180_000);

  it('each storing of messages is tried again, and stores them once', async () => {
    await survives(
      messages,
      when,
      rounds.map((n) => 2 * n + 1),
    );
    expect(await wire.phones.stats()).toMatchObject({ undecryptable: 0, unknownStanzas: {} });
  }, 60_000);

  it('each storing of receipts is tried again', async () => {
    await survives(
      receipts,
      when,
      rounds.map((n) => 2 * n + 1),
    );
    expect(await wire.phones.stats()).toMatchObject({ undecryptable: 0, unknownStanzas: {} });
  }, 60_000);
});
