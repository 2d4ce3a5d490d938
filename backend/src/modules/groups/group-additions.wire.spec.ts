import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Signals } from '../../platform/signals/signals.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { Strikes } from '../../testing/strikes.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import type { GroupActionView } from './group-actions.dto.ts';
import { type Ending, GroupActionsRepository } from './group-actions.repository.ts';
import type { AdditionPersonPage, GroupAdditionPage, GroupAdditionView } from './group-additions.dto.ts';

const ends = new Strikes();

class StruckActions extends GroupActionsRepository {
  override end(sql: TenantSql, lease: Lease, id: string, ending: Ending): Promise<boolean> {
    return ends.around(lease.session, () => super.end(sql, lease, id, ending));
  }
}

let wire: Wire;
let number: WireNumber;
let shy: string;
beforeAll(async () => {
  wire = await Wire.start({
    override: (testing) => testing.overrideProvider(GroupActionsRepository).useClass(StruckActions),
  });
  number = await wire.link();
  shy = await wire.phones.createPhone({ name: 'Shy' });
  await wire.phones.call('PATCH', `/phones/${shy}`, { groupsByInvitationOnly: true });
}, 90_000);
afterAll(() => wire.close());

const PATIENT = { timeoutMs: 60_000, everyMs: 100 };
const plus = (phone: string) => `+${phone}`;
const call = <T>(method: string, path: string, body?: object) =>
  wire.api.call(method, `/groups${path}`, body) as Promise<T>;
const make = async (subject: string) =>
  (await call<GroupActionView>('POST', '', { session_id: number.session, subject })).group_jid ?? '';
const start = (jid: string, phones: string[], over: object = {}) =>
  call<GroupAdditionView>('POST', `/${jid}/additions`, {
    session_id: number.session,
    participants: phones.map((phone) => ({ phone_number: plus(phone) })),
    per_step: 3,
    step_seconds: 0,
    ...over,
  });
const addition = (id: string) => call<GroupAdditionView>('GET', `/additions/${id}`);
const reaches = (id: string, state: string) =>
  until(
    `the addition to be ${state}`,
    async () => {
      wire.app.app.get(Signals).send('group_actions', { session: number.session });
      const seen = await addition(id);
      return seen.state === state ? seen : undefined;
    },
    PATIENT,
  );
const crowd = (n: number) => Promise.all(Array.from({ length: n }, () => wire.phones.createPhone({ silent: true })));
const inGroup = async (jid: string) =>
  (await wire.phones.call<{ participants: { phone: string }[] }>('GET', `/groups/${jid}`)).participants.map(
    ({ phone }) => phone,
  );
const added = async (jid: string) =>
  (await wire.phones.call<{ event: string; subjects: string[] }[]>('GET', `/groups/${jid}/log`)).flatMap(
    ({ event, subjects }) => (event === 'added' ? [subjects] : []),
  );

describe('many people who are to come into a group', () => {
  it('come some at a time, each with what became of him', async () => {
    const [jid, people] = [await make('Many'), await crowd(6)];
    const first = await start(jid, [...people, people[0] ?? '', shy, '972541239999']);
    expect(first).toMatchObject({ state: 'running', total: 8, per_step: 3 });
    const done = await reaches(first.id, 'completed');
    expect(done.counts).toEqual({ done: 6, invited: 1, not_on_whatsapp: 1 });
    expect((await inGroup(jid)).toSorted()).toEqual([...people, number.phone].toSorted());
    expect((await added(jid)).map(({ length }) => length)).toEqual([3, 3]);
    const page = await call<AdditionPersonPage>('GET', `/additions/${first.id}/participants?limit=7`);
    expect(page.items.map(({ phone_number: phone }) => phone)).toEqual([...people, shy].map(plus));
    expect(page.items.at(-1)).toMatchObject({ status: 'invited', message_id: expect.any(String) });
    const rest = await call<AdditionPersonPage>(
      'GET',
      `/additions/${first.id}/participants?cursor=${page.next_cursor}`,
    );
    expect(rest).toMatchObject({ items: [{ status: 'not_on_whatsapp' }], next_cursor: null });
    const list = await call<GroupAdditionPage>('GET', `/additions?group_jid=${jid}`);
    expect(list.items).toMatchObject([{ id: first.id, state: 'completed' }]);
  });

  it('come once each, also when the node dies after a step that is not written down', async () => {
    const [jid, people] = [await make('Dying'), await crowd(6)];
    ends.arm(number.session, 'before', [1]);
    const { id } = await start(jid, people);
    expect(await reaches(id, 'completed')).toMatchObject({ counts: { done: 6 } });
    expect(ends.left(number.session)).toBe(0);
    expect((await added(jid)).flat().toSorted()).toEqual(people.toSorted());
  });

  it('wait while it is paused, go on when it is resumed, and stay away when it is cancelled', async () => {
    const [jid, people] = [await make('Halting'), await crowd(6)];
    const { id } = await start(jid, people, { step_seconds: 3_600 });
    await until('the first step', async () => (await addition(id)).counts.done === 3, PATIENT);
    const order = (what: string) => call<GroupAdditionView>('POST', `/additions/${id}/${what}`, {});
    expect(await order('pause')).toMatchObject({ state: 'paused', next_at: null });
    const due = () =>
      wire.app.database.admin.query('update private.group_additions set next_at = now() where id = $1', [id]);
    await due();
    await call('POST', `/${jid}/subject`, { session_id: number.session, subject: 'Halted' });
    expect(await inGroup(jid)).toHaveLength(4);
    await order('resume');
    expect(await reaches(id, 'completed')).toMatchObject({ counts: { done: 6 } });
    await expect(order('cancel')).rejects.toThrow('group_addition_over');
    const more = await start(jid, await crowd(4), { per_step: 1, step_seconds: 3_600 });
    await until('its first step', async () => (await addition(more.id)).counts.done === 1, PATIENT);
    await call('POST', `/additions/${more.id}/cancel`, {});
    expect(await addition(more.id)).toMatchObject({ state: 'cancelled', counts: { done: 1, waiting: 3 } });
  });

  it('pause by themselves when the number may not add any more, and say why', async () => {
    const [jid, people, heir] = [await make('Deposed'), await crowd(4), await wire.phones.createPhone()];
    await call('POST', `/${jid}/add-participant`, {
      session_id: number.session,
      participants: [{ phone_number: plus(heir) }],
    });
    const { id } = await start(jid, people, { step_seconds: 3_600 });
    await until('the first step', async () => (await addition(id)).counts.done === 3, PATIENT);
    await call('POST', `/${jid}/leave`, { session_id: number.session });
    await wire.app.database.admin.query('update private.group_additions set next_at = now() where id = $1', [id]);
    expect(await reaches(id, 'paused')).toMatchObject({
      error_code: 'group_admin_required',
      counts: { done: 3, waiting: 1 },
    });
  });
});
