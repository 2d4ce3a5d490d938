import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { newId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { aGroupAction } from '../../testing/group-factories.ts';
import { Strikes } from '../../testing/strikes.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import type { GroupActionKind, GroupActionView } from './group-actions.dto.ts';
import { type Ending, GroupActionsRepository } from './group-actions.repository.ts';
import type { GroupEventPage, GroupPage, GroupParticipantPage } from './groups.dto.ts';

const ends = new Strikes();

/** WhatsApp has done it, and the node dies before that is written down. */
class StruckActions extends GroupActionsRepository {
  override end(sql: TenantSql, lease: Lease, id: string, ending: Ending): Promise<boolean> {
    return ends.around(lease.session, () => super.end(sql, lease, id, ending));
  }
}

let wire: Wire;
let number: WireNumber;
let [noa, omar, gil]: string[] = [];
beforeAll(async () => {
  wire = await Wire.start({
    override: (testing) => testing.overrideProvider(GroupActionsRepository).useClass(StruckActions),
  });
  number = await wire.link();
  [noa, omar, gil] = await Promise.all([1, 2, 3].map(() => wire.phones.createPhone({ silent: true })));
}, 90_000);
afterAll(() => wire.close());

const PATIENT = { timeoutMs: 60_000, everyMs: 100 };
const plus = (phone: string | undefined) => `+${phone}`;
const named = (...phones: (string | undefined)[]) => phones.map((phone) => ({ phone_number: plus(phone) }));
const post = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
  wire.api.call('POST', `/groups${path}`, { session_id: number.session, ...body }, headers) as Promise<GroupActionView>;
const get = <T>(path: string) => wire.api.call('GET', `/groups${path}`) as Promise<T>;
const action = (id: string) => get<GroupActionView>(`/actions/${id}`);
const ended = (id: string) =>
  until(
    `action ${id} to end`,
    async () => {
      wire.app.app.get(Signals).send('group_actions', { session: number.session });
      const seen = await action(id);
      return seen.ended_at === null ? undefined : seen;
    },
    PATIENT,
  );
type Made = { id: string; subject: string; inviteCode: string; participants: { phone: string; role: string }[] };
const truth = (jid: string) => wire.phones.call<Made>('GET', `/groups/${jid}`);
const log = async (jid: string) =>
  (await wire.phones.call<{ event: string; subjects: string[] }[]>('GET', `/groups/${jid}/log`)).flatMap(
    ({ event, subjects }) => subjects.map((who) => `${event} ${plus(who)}`),
  );
const events = async (jid: string) =>
  (await get<GroupEventPage>(`/${jid}/events?limit=100`)).items.map(({ type, phone_number: who }) => `${type} ${who}`);
const organization = async () => {
  const { rows } = await wire.app.database.admin.query<{ organization_id: string }>(
    'select organization_id from sessions where id = $1',
    [number.session],
  );
  return rows[0]?.organization_id ?? '';
};
/** A node has taken it, and died before it did anything. */
const begun = async (kind: GroupActionKind, args: object, jid: string | null = null) => {
  const { admin } = wire.app.database;
  const lease = { organization: await organization(), session: number.session } as unknown as Lease;
  const open = { state: 'running', epoch: 0, tries: 1, result: null, ended_at: null };
  return aGroupAction(admin, lease, { id: newId(), kind, args: JSON.stringify(args), group_jid: jid, ...open });
};
/** Once more than it is written down. */
const struck = async (path: string, body: object = {}) => {
  ends.arm(number.session, 'before', [1]);
  const asked = post(path, body);
  await until('the strike', () => ends.left(number.session) === 0, PATIENT);
  wire.app.app.get(Signals).send('group_actions', { session: number.session });
  return asked;
};

describe('a node that dies after WhatsApp has done it', () => {
  it('has made one group, which is known for it', async () => {
    const made = await struck('', { subject: 'Only one', participants: named(noa) });
    expect(made).toMatchObject({
      state: 'done',
      result: { participants: [{ phone_number: plus(noa), status: 'done' }] },
    });
    const all = await wire.phones.call<Made[]>('GET', '/groups');
    expect(all.filter(({ subject }) => subject === 'Only one').map(({ id }) => id)).toEqual([made.group_jid]);
    expect((await get<GroupPage>('?search=Only+one')).items).toMatchObject([{ jid: made.group_jid, size: 2 }]);
  });

  it('is followed by one that finds it done, and each event is there once', async () => {
    const jid = (await post('', { subject: 'Again' })).group_jid ?? '';
    const outcome = ({ result }: GroupActionView) => result?.participants?.map(({ status }) => status);
    expect(outcome(await struck(`/${jid}/add-participant`, { participants: named(noa, omar, gil) }))).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(outcome(await struck(`/${jid}/promote`, { participants: named(noa) }))).toEqual(['done']);
    expect(outcome(await struck(`/${jid}/demote`, { participants: named(noa) }))).toEqual(['done']);
    expect(outcome(await struck(`/${jid}/remove-participant`, { participants: named(gil) }))).toEqual(['done']);
    await struck(`/${jid}/subject`, { subject: 'Said twice' });
    await struck(`/${jid}/description`, { description: 'Written twice' });
    await struck(`/${jid}/settings`, { locked: true, ephemeral_seconds: 86_400 });
    const { result } = await struck(`/${jid}/invite-link/revoke`);
    expect(result?.invite_link).toBe(`https://chat.whatsapp.com/${(await truth(jid)).inviteCode}`);
    expect(await truth(jid)).toMatchObject({ subject: 'Said twice' });
    const told = (await log(jid)).filter((one) => /^(added|removed|promoted|demoted) /.test(one));
    expect((await events(jid)).toSorted()).toEqual(told.toSorted());
    expect(await struck(`/${jid}/leave`)).toMatchObject({ state: 'done' });
    expect((await truth(jid)).participants.map(({ phone }) => phone)).not.toContain(number.phone);
    expect(
      (await get<GroupParticipantPage>(`/${jid}/participants`)).items.map(({ phone_number: who }) => who),
    ).not.toContain(plus(number.phone));
  });
});

describe('a node that dies before WhatsApp has heard of it', () => {
  it('is followed by one that does it', async () => {
    const jid = (await post('', { subject: 'Before' })).group_jid ?? '';
    expect(await ended(await begun('subject', { subject: 'After' }, jid))).toMatchObject({ state: 'done' });
    expect(await truth(jid)).toMatchObject({ subject: 'After' });
  });

  it('has made no group, and says that nobody knows', async () => {
    const id = await begun('create', { subject: 'Never', participants: [], invite: true });
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      error: { code: 'group_action_interrupted' },
      group_jid: null,
    });
    const all = await wire.phones.call<Made[]>('GET', '/groups');
    expect(all.filter(({ subject }) => subject === 'Never')).toEqual([]);
  });

  it('has it given up when it comes to nothing again and again', async () => {
    const id = await begun('subject', { subject: 'Too often' }, (await post('', { subject: 'Calm' })).group_jid);
    await wire.app.database.admin.query('update private.group_actions set tries = 4 where id = $1', [id]);
    expect(await ended(id)).toMatchObject({ state: 'failed', error: { code: 'group_action_interrupted' } });
  });
});

it('what waited too long for its number is not done any more', async () => {
  const jid = (await post('', { subject: 'Early' })).group_jid ?? '';
  const id = await begun('subject', { subject: 'Late' }, jid);
  await wire.app.database.admin.query(
    `update private.group_actions set state = 'queued', epoch = null, tries = 0, requested_at = now() - interval '1 hour' where id = $1`,
    [id],
  );
  expect(await ended(id)).toMatchObject({ state: 'failed', error: { code: 'session_offline' } });
  expect(await truth(jid)).toMatchObject({ subject: 'Early' });
});

it('a line that goes again and again loses nothing and does nothing twice', async () => {
  const jid = (await post('', { subject: 'Shaken' })).group_jid ?? '';
  const crowd = await Promise.all(Array.from({ length: 4 }, () => wire.phones.createPhone({ silent: true })));
  for (const one of crowd) {
    const key = randomUUID();
    const asking = until(
      'it to be taken',
      () =>
        post(`/${jid}/add-participant`, { participants: named(one) }, { 'idempotency-key': key }).catch(
          () => undefined,
        ),
      PATIENT,
    );
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    const { id } = await asking;
    expect(await ended(id)).toMatchObject({ state: 'done', result: { participants: [{ status: 'done' }] } });
  }
  const expected = crowd.map((one) => `added ${plus(one)}`).toSorted();
  await until('all to be known', async () => (await events(jid)).length >= crowd.length, PATIENT);
  expect((await events(jid)).toSorted()).toEqual(expected);
  expect((await log(jid)).filter((one) => one.startsWith('added ')).toSorted()).toEqual(expected);
});

it('is asked of any node, done by the one that has the number, and by the next when that one stops', async () => {
  const second = await wire.app.anotherNode();
  const elsewhere = async (path: string, body: object) => {
    const response = await fetch(`${second.url}/api/groups${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${wire.api.token}` },
      body: JSON.stringify({ session_id: number.session, ...body }),
    });
    return { status: response.status, body: (await response.json()) as GroupActionView };
  };
  const { status, body } = await elsewhere('', { subject: 'Two nodes', participants: named(noa) });
  expect({ status, body }).toMatchObject({ status: 200, body: { state: 'done' } });
  const id = await begun('subject', { subject: 'Handed over' }, body.group_jid);
  await wire.app.app.close();
  const db = second.app.get(TenantDb);
  const state = async () => {
    const { rows } = await db.asTenantSql((await organization()) as never, (sql) =>
      sql.query<{ state: string }>('select state from private.group_actions where id = $1', [id]),
    );
    return rows[0]?.state;
  };
  await until('the other node to do it', async () => (await state()) === 'done', PATIENT);
  expect(await truth(body.group_jid ?? '')).toMatchObject({ subject: 'Handed over' });
}, 120_000);
