import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inOrder } from '../../../../testing/in-order.ts';
import { until } from '../../../../testing/until.ts';
import { Strikes, struckInbound, struckKeys, type When } from '../../testing/strikes.ts';
import { Wire, whatsAppIdOf, type WireNumber } from '../../testing/wire.ts';
import { GroupPage } from '../groups/groups.dto.ts';
import { SessionKeysRepository } from '../sessions/session-keys.repository.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { type GroupReceipt, GroupReceiptsRepository } from './group-receipts.repository.ts';
import { InboundRepository } from './inbound.repository.ts';
import { SendAccepted } from './messages.dto.ts';

const saves = new Strikes();
const messages = new Strikes();
const receipts = new Strikes();

class StruckReceipts extends GroupReceiptsRepository {
  override store(lease: Lease, batch: readonly GroupReceipt[]): Promise<void> {
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
        .overrideProvider(GroupReceiptsRepository)
        .useClass(StruckReceipts),
  });
}, 60_000);
afterAll(() => wire.close());

const rounds = Array.from({ length: 4 }, (_, n) => n);
const asked = (n: number) => `question ${n}`;
const answered = (n: number) => `answer ${n}`;
const PATIENT = { timeoutMs: 60_000, everyMs: 200 };

type Group = Readonly<{ jid: string; number: WireNumber; people: readonly [string, string] }>;

/** Our number and two people, each of whom asks in turn; the next question when all have the answer to the one before. */
async function chat({ jid, number, people }: Group): Promise<void> {
  for (const n of rounds) {
    const text = asked(n);
    await wire.phones.call('POST', `/phones/${people[n % 2]}/messages`, {
      to: jid,
      text,
      id: whatsAppIdOf(`${text} ${jid}`),
    });
    await until(text, async () => (await wire.textsReceived(number)).includes(text), PATIENT);
    const answer = { session_id: number.session, to: jid, type: 'text', text: answered(n) };
    const { message_id: id } = SendAccepted.parse(await wire.api.call('POST', '/messages/send', answer));
    await until(
      `${answered(n)} to be with all`,
      async () => (await wire.api.messages(number.session)).some((one) => one.id === id && one.status === 'delivered'),
      PATIENT,
    );
  }
}

async function aGroup(): Promise<Group> {
  const [number, noa, omar] = await Promise.all([wire.link(), wire.phones.createPhone(), wire.phones.createPhone()]);
  const body = { owner: noa, subject: 'Neighbours', participants: [number.phone, omar] };
  const { id: jid } = await wire.phones.call<{ id: string }>('POST', '/groups', body);
  await until('the group to be known', async () => {
    const { items } = GroupPage.parse(await wire.api.call('GET', `/groups?session_id=${number.session}`));
    return items.some((one) => one.jid === jid);
  });
  return { jid, number, people: [noa, omar] };
}

async function onPhone(phone: string, { jid, number }: Group): Promise<string[]> {
  const all = await wire.phones.call<{ from: string; text: string }[]>('GET', `/phones/${phone}/messages?with=${jid}`);
  return all.filter(({ from }) => from === number.phone).map(({ text }) => text);
}

async function survives(strikes: Strikes, when: When, calls: readonly number[]): Promise<void> {
  const group = await aGroup();
  strikes.arm(group.number.session, when, calls);
  await chat(group);
  for (const phone of group.people) expect(await onPhone(phone, group)).toEqual(rounds.map(answered));
  expect(inOrder(await wire.textsReceived(group.number))).toEqual(inOrder(rounds.map(asked)));
  expect(strikes.left(group.number.session)).toBe(0);
}

describe.each(['before', 'after'] as const)('in a group, a failure %s', (when) => {
  it('any of ten writes of keys ends the connection and loses nothing, for nobody', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((n) => survives(saves, when, [n, n + 5])));
    expect(await wire.phones.stats()).toMatchObject({ undecryptable: 0, unknownStanzas: {} });
  }, 180_000);

  it('the storing of messages and of receipts is tried again, and stores each once', async () => {
    await survives(messages, when, [1, 2, 4]);
    await survives(receipts, when, [1, 2, 3]);
    expect(await wire.phones.stats()).toMatchObject({ undecryptable: 0, unknownStanzas: {} });
  }, 180_000);
});
