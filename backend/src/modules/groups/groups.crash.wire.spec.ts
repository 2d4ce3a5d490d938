import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inOrder } from '../../../../testing/in-order.ts';
import { until } from '../../../../testing/until.ts';
import { Strikes, struckKeys, type When } from '../../testing/strikes.ts';
import { Wire } from '../../testing/wire.ts';
import type { GroupChange } from '../sessions/session-groups.ts';
import { SessionKeysRepository } from '../sessions/session-keys.repository.ts';
import type { Lease, Peer } from '../sessions/session-traffic.ts';
import type { GroupEventPage, GroupPage } from './groups.dto.ts';
import { GroupsTold } from './groups-told.service.ts';

const saves = new Strikes();
const tellings = new Strikes();

class StruckGroups extends GroupsTold {
  override groupsChanged(lease: Lease, self: Peer, changes: readonly GroupChange[]): Promise<boolean> {
    return tellings.around(lease.session, () => super.groupsChanged(lease, self, changes));
  }
}

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start({
    override: (testing) =>
      testing
        .overrideProvider(SessionKeysRepository)
        .useClass(struckKeys(saves))
        .overrideProvider(GroupsTold)
        .useClass(StruckGroups),
  });
}, 60_000);
afterAll(() => wire.close());

const ROUNDS = 6;
const PATIENT = { timeoutMs: 60_000, everyMs: 100 };

/** In each round somebody comes into a group and goes; the next begins when both are known. */
async function survives(strikes: Strikes, when: When, calls: readonly number[]): Promise<void> {
  const [number, owner] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  const group = { owner, subject: number.session, participants: [number.phone] };
  const { id: jid } = await wire.phones.call<{ id: string }>('POST', '/groups', group);
  const listed = async () => ((await wire.api.call('GET', `/groups?search=${number.session}`)) as GroupPage).items[0];
  await until('the group to be known', listed, PATIENT);
  strikes.arm(number.session, when, calls);
  const events = async () =>
    ((await wire.api.call('GET', `/groups/${jid}/events?limit=100`)) as GroupEventPage).items.map(
      ({ type, phone_number: who, noticed }) => `${type} ${who} ${noticed}`,
    );
  const expected: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const guest = await wire.phones.createPhone({ silent: true });
    for (const [action, type] of [
      ['add', 'added'],
      ['remove', 'removed'],
    ] as const) {
      await wire.phones.call('POST', `/groups/${jid}/participants`, { by: owner, action, phones: [guest] });
      expected.push(`${type} +${guest} false`);
    }
    await until(`round ${round}`, async () => (await events()).length >= expected.length, PATIENT);
  }
  expect(inOrder(await events())).toEqual(inOrder(expected));
  expect((await listed())?.size).toBe(2);
  expect(strikes.left(number.session)).toBe(0);
}

describe.each(['before', 'after'] as const)('a failure %s', (when) => {
  it('any of four writes of what was delivered ends the connection, and each change is known once', async () => {
    await Promise.all(Array.from({ length: 4 }, (_, call) => survives(saves, when, [call + 1])));
    expect(await wire.phones.stats()).toMatchObject({ unknownStanzas: {} });
  }, 180_000);

  it('each telling of changes is tried again, and does them once', async () => {
    await survives(
      tellings,
      when,
      Array.from({ length: ROUNDS }, (_, n) => 2 * n + 1),
    );
    expect(await wire.phones.stats()).toMatchObject({ unknownStanzas: {} });
  }, 180_000);
});
