import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import type { MessageView } from '../messages/messages.dto.ts';
import type { GroupEventPage, GroupParticipantPage, GroupView } from './groups.dto.ts';

/** What WhatsApp tells of groups now and then. */
let wire: Wire;
let number: WireNumber;
let [noa, omar, gil]: string[] = [];

beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
  [noa, omar, gil] = await Promise.all(['Noa', 'Omar', 'Gil'].map((name) => wire.phones.createPhone({ name })));
}, 120_000);
afterAll(() => wire.close());

const plus = (phone: string | undefined) => `+${phone}`;
const viewOf = async (jid: string) => (await wire.api.call('GET', `/groups/${jid}`)) as GroupView;
const known = (jid: string, is: (group: GroupView) => boolean) =>
  until(`${jid} to be so`, async () => {
    const group = await viewOf(jid).catch(() => undefined);
    return group && is(group) ? group : undefined;
  });
const does = (jid: string, what: string, body: object) => wire.phones.call('POST', `/groups/${jid}/${what}`, body);
async function make(subject: string, participants: (string | undefined)[]): Promise<string> {
  const made = await wire.phones.call<{ id: string }>('POST', '/groups', { owner: noa, subject, participants });
  await known(made.id, ({ size }) => size === participants.length + 1);
  return made.id;
}
async function peopleOf(jid: string) {
  const { items } = (await wire.api.call('GET', `/groups/${jid}/participants?limit=100`)) as GroupParticipantPage;
  return new Map(items.map((one) => [one.phone_number, one]));
}
const fault = (kind: string, count: number) =>
  wire.phones.call('POST', '/faults', { target: number.phone, kind, count });
const asked = async () => (await wire.phones.call<{ iqs: Record<string, number> }>('GET', '/stats')).iqs;

it('who changes his number stays who he is in the group, and it is told', async () => {
  const jid = await make('Neighbours', [number.phone, omar]);
  const before = (await peopleOf(jid)).get(plus(omar));
  await does(jid, 'number', { from: omar, to: gil });
  const after = await until('him to be there', async () => (await peopleOf(jid)).get(plus(gil)));
  expect(after).toMatchObject({ id: before?.id, role: before?.role });
  expect((await peopleOf(jid)).has(plus(omar))).toBe(false);
  expect((await viewOf(jid)).size).toBe(3);
  const { items } = (await wire.api.call('GET', `/groups/${jid}/events`)) as GroupEventPage;
  expect(items).toEqual([
    expect.objectContaining({
      type: 'changed_number',
      phone_number: plus(omar),
      actor: expect.objectContaining({ phone_number: plus(gil) }),
      size: 3,
      noticed: false,
    }),
  ]);
  await wire.api.send(number.session, jid, 'Welcome back');
  await until('him to read on', async () =>
    (await wire.phones.messages(String(gil), jid)).some(({ text }) => text === 'Welcome back'),
  );
});

it('a group that is ended is known still: nobody is in it, and why', async () => {
  const jid = await make('Raffle', [number.phone, omar]);
  await does(jid, 'end', { reason: 'terms_of_service' });
  const group = await known(jid, ({ ended }) => ended !== null);
  expect(group).toMatchObject({
    subject: 'Raffle',
    size: 0,
    ended: { reason: 'terms_of_service' },
    numbers: [{ role: null, cannot: { write: 'not_in_group' } }],
  });
  expect((await peopleOf(jid)).size).toBe(0);
});

it('groups that are not as we know them are asked for once, all together', async () => {
  const jid = await make('Chess', [number.phone]);
  await make('Go', [number.phone]);
  const { admin } = wire.app.database; // an answer counts as a second older than it may be: these are older still
  await admin.query(`update groups set told_at = told_at - interval '1 minute'`);
  await admin.query(`update group_participants set changed_at = changed_at - interval '1 minute'`);
  await fault('lose-notification', 2);
  await does(jid, 'subject', { by: noa, subject: 'Chess club' });
  await does(jid, 'participants', { by: noa, action: 'add', phones: [gil] });
  expect(await viewOf(jid)).toMatchObject({ subject: 'Chess', size: 2 });
  const before = await asked();
  await wire.phones.call('POST', `/phones/${number.phone}/dirty`, {});
  await known(jid, ({ subject, size }) => subject === 'Chess club' && size === 3);
  const cleaned = await until('it to be said that they are clean', async () => {
    const now = await asked();
    const kinds = Object.keys(now).filter((kind) => /dirty|w:g2/.test(kind) && now[kind] !== before[kind]);
    return kinds.some((kind) => kind.includes('dirty'))
      ? kinds.map((kind) => `${(now[kind] ?? 0) - (before[kind] ?? 0)} ${kind}`)
      : undefined;
  });
  expect(cleaned.toSorted()).toEqual(['1 urn:xmpp:whatsapp:dirty set clean', '1 w:g2 get participating']);
});

it('receipts that WhatsApp gathers count for each who has the message', async () => {
  const jid = await make('Choir', [number.phone, omar, gil]);
  await fault('gather-receipts', 3);
  const { message_id: id } = await wire.api.send(number.session, jid, 'At eight');
  const reach = async () => ((await wire.api.call('GET', `/messages/${id}`)) as MessageView).reach;
  await until('all to have it', async () => (await reach())?.delivered === 3);
  await fault('gather-receipts', 2);
  for (const phone of [noa, omar]) await wire.phones.call('POST', `/phones/${phone}/read`, { with: jid });
  await until('two to have read it', async () => (await reach())?.read === 2);
  expect(await reach()).toEqual({ recipients: 3, delivered: 3, read: 2, played: 0 });
  const { rows } = await wire.app.database.admin.query(
    `select from private.session_inbox where session_id = $1 and kind = 'receipt'`,
    [number.session],
  );
  expect(rows).toEqual([]);
});
