import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inOrder } from '../../../../testing/in-order.ts';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import type {
  GroupEventPage,
  GroupGrowth,
  GroupMostActive,
  GroupPage,
  GroupParticipantPage,
  GroupView,
} from './groups.dto.ts';

let wire: Wire;
let number: WireNumber;
let [noa, omar, gil]: string[] = [];

beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
  [noa, omar, gil] = await Promise.all(['Noa', 'Omar', 'Gil'].map((name) => wire.phones.createPhone({ name })));
}, 90_000);
afterAll(() => wire.close());

type Made = { id: string };
const make = (subject: string, participants: (string | undefined)[], owner = noa, over: object = {}) =>
  wire.phones.call<Made>('POST', '/groups', { owner, subject, participants, ...over }).then(({ id }) => id);
const does = (group: string, what: string, body: object) => wire.phones.call('POST', `/groups/${group}/${what}`, body);
const changes = (group: string, action: string, phones: (string | undefined)[], by = noa) =>
  does(group, 'participants', { by, action, phones });
const list = async () => ((await wire.api.call('GET', '/groups')) as GroupPage).items;
const known = (jid: string, is: (group: GroupView) => boolean = () => true) =>
  until(`${jid} to be known`, async () => (await list()).find((one) => one.jid === jid && is(one)));
async function people(jid: string): Promise<Record<string, string>> {
  const { items } = (await wire.api.call('GET', `/groups/${jid}/participants?limit=100`)) as GroupParticipantPage;
  return Object.fromEntries(items.map(({ phone_number: phone, role }) => [phone ?? '', role]));
}
const peopleAre = (jid: string, expected: Record<string, string>) =>
  until(`the people of ${jid}`, async () => {
    const seen = await people(jid);
    const same = (one: Record<string, string>) => inOrder(Object.entries(one).map(([who, role]) => `${who} ${role}`));
    return JSON.stringify(same(seen)) === JSON.stringify(same(expected)) || undefined;
  });
const plus = (phone: string | undefined) => `+${phone}`;
const asked = async () => (await wire.phones.call<{ iqs: Record<string, number> }>('GET', '/stats')).iqs;

describe('a group that our number is added to', () => {
  let jid: string;
  it('is known at once, with who is in it and what we are there', async () => {
    jid = await make('Neighbours', [number.phone, omar], noa, { description: 'Of the house', announcement: true });
    const group = await known(jid);
    expect(group).toMatchObject({
      subject: 'Neighbours',
      description: 'Of the house',
      announcement: true,
      size: 3,
      numbers: [{ session_id: number.session, role: 'member' }],
    });
    await peopleAre(jid, { [plus(noa)]: 'superadmin', [plus(omar)]: 'member', [plus(number.phone)]: 'member' });
  });

  it('is followed in all that happens to it', async () => {
    await changes(jid, 'add', [gil]);
    await changes(jid, 'promote', [gil, number.phone]);
    await does(jid, 'subject', { by: noa, subject: 'Friends' });
    await does(jid, 'settings', {
      by: noa,
      announcement: false,
      locked: true,
      memberAddMode: 'all_member_add',
      approval: true,
      ephemeral: 86_400,
    });
    await does(jid, 'description', { by: noa, description: null });
    await does(jid, 'leave', { phone: omar });
    await changes(jid, 'demote', [gil]);
    await known(jid, ({ size, description }) => size === 3 && description === null);
    await peopleAre(jid, { [plus(noa)]: 'superadmin', [plus(gil)]: 'member', [plus(number.phone)]: 'admin' });
    expect(await known(jid)).toMatchObject({
      subject: 'Friends',
      announcement: false,
      locked: true,
      member_add_mode: 'everyone',
      join_approval: true,
      ephemeral_seconds: 86_400,
      numbers: [{ role: 'admin' }],
    });
    const { rows } = await wire.app.database.admin.query<{ told: string }>(
      `select type || ' ' || phone_number || ' ' || actor_phone_number || ' ' || e.size as told from group_events e
         join groups g on g.id = e.group_id where g.jid = $1 order by at, e.id`,
      [jid],
    );
    expect(inOrder(rows.map(({ told }) => told))).toEqual(
      inOrder([
        `added ${plus(gil)} ${plus(noa)} 4`,
        `promoted ${plus(gil)} ${plus(noa)} 4`,
        `promoted ${plus(number.phone)} ${plus(noa)} 4`,
        `left ${plus(omar)} ${plus(omar)} 3`,
        `demoted ${plus(gil)} ${plus(noa)} 3`,
      ]),
    );
  });

  it('is one that we are not in any more when somebody removes us', async () => {
    await changes(jid, 'remove', [number.phone]);
    await known(jid, ({ numbers }) => numbers[0]?.role === null);
    expect(await known(jid)).toMatchObject({ size: 2 });
  });
});

it('what happened while the number was away is told when it comes back, each once, and without asking for it', async () => {
  const jid = await make('Away', [number.phone]);
  await known(jid);
  const before = await asked();
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
  await until('it to be away', async () => (await wire.api.session(number.session)).state !== 'connected');
  await changes(jid, 'add', [omar, gil]);
  await changes(jid, 'remove', [gil]);
  const other = await make('Made meanwhile', [number.phone, omar]);
  await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
  await wire.connected(number.session);
  await known(other);
  await known(jid, ({ size }) => size === 3);
  const { rows } = await wire.app.database.admin.query<{ type: string; noticed: boolean }>(
    `select type, noticed from group_events e join groups g on g.id = e.group_id where g.jid = $1 order by at, e.id`,
    [jid],
  );
  expect(inOrder(rows.map(({ type, noticed }) => `${type} ${noticed}`))).toEqual([
    'added false',
    'added false',
    'removed false',
  ]);
  const after = await asked();
  const more = Object.entries(after).filter(([kind, n]) => kind.startsWith('w:g2') && n !== before[kind]);
  expect(more).toEqual([]);
});

it('what a notification leaves open is asked for, once for each group', async () => {
  const community = await make('Town', [number.phone], noa, { community: true });
  const jid = await make('Market', [number.phone]);
  await known(jid);
  await known(community, ({ kind }) => kind === 'community');
  const before = await asked();
  await does(community, 'link', { by: noa, group: jid });
  await known(jid, ({ community_jid: parent }) => parent === community);
  const after = await asked();
  const more = Object.entries(after).flatMap(([kind, n]) =>
    kind.startsWith('w:g2') && n !== before[kind] ? [[kind, n - (before[kind] ?? 0)] as const] : [],
  );
  expect(more.map(([kind]) => kind)).toEqual(['w:g2 get query']);
  expect(more[0]?.[1]).toBeLessThanOrEqual(2); // of the group, and of the community that has it now
});

/** As the sandbox logged it: who came, who went, and how many there were. */
type Log = { event: string; actor: string; subjects: string[]; size: number }[];
const CAME = new Set(['added', 'joined by link', 'joined by invitation', 'approved']);
const WENT = new Set(['left', 'removed']);

it("growth is what WhatsApp's own log says, also of what happened while the number was away", async () => {
  const jid = await make('Growing', [number.phone]);
  await known(jid);
  const crowd = await Promise.all(Array.from({ length: 8 }, () => wire.phones.createPhone({ silent: true })));
  await changes(jid, 'add', crowd.slice(0, 4));
  await does(jid, 'leave', { phone: crowd[0] });
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
  await until('it to be away', async () => (await wire.api.session(number.session)).state !== 'connected');
  await changes(jid, 'add', crowd.slice(4, 7));
  await changes(jid, 'remove', [crowd[1], crowd[4]]);
  const { inviteCode } = await wire.phones.call<{ inviteCode: string }>('GET', `/groups/${jid}`);
  await does(jid, 'join', { phone: crowd[7], code: inviteCode });
  await does(jid, 'leave', { phone: crowd[7] });
  await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
  await wire.connected(number.session);
  const log = await wire.phones.call<Log>('GET', `/groups/${jid}/log`);
  const told = log.flatMap(({ event, actor, subjects, size }) =>
    CAME.has(event) || WENT.has(event)
      ? subjects.map((who) => `${CAME.has(event) ? 'came' : 'went'} ${plus(who)} by ${plus(actor)}, ${size}`)
      : [],
  );
  const events = async () =>
    ((await wire.api.call('GET', `/groups/${jid}/events`)) as GroupEventPage).items.map(
      ({ type, phone_number: who, actor, size }) =>
        `${type === 'added' || type === 'joined' ? 'came' : 'went'} ${who} by ${actor?.phone_number}, ${size}`,
    );
  await until('all of it', async () => (await events()).length === told.length || undefined);
  expect(inOrder(await events())).toEqual(inOrder(told));
  const { items } = (await wire.api.call('GET', `/groups/${jid}/growth?days=3`)) as GroupGrowth;
  expect(items).toHaveLength(3);
  expect(items.at(-1)).toMatchObject({
    joined: told.filter((one) => one.startsWith('came')).length,
    left: told.filter((one) => one.startsWith('went')).length,
    size: log.at(-1)?.size,
  });
  expect(items[0]).toMatchObject({ joined: 0, left: 0, size: null });
}, 60_000);

it('the most active are those who wrote the most, also where two of our numbers are', async () => {
  const other = await wire.link('Back office');
  const jid = await make('Talking', [number.phone, other.phone, omar, gil]);
  await known(jid, ({ numbers }) => numbers.length === 2 && numbers.every(({ role }) => role === 'member'));
  const writes = (phone: string | undefined, content: object) =>
    wire.phones.call<{ id: string }>('POST', `/phones/${phone}/messages`, { to: jid, ...content });
  for (const text of ['Who has a ladder?', 'A long one', 'Anybody?']) await writes(noa, { text });
  const { id } = await writes(omar, { text: 'I have' });
  await writes(noa, { reaction: { id, emoji: '👍' } });
  await writes(omar, { edit: { id, text: 'I have one' } });
  await wire.api.send(number.session, jid, 'So do we');
  await writes(other.phone, { text: 'As written on the phone' });
  await writes(other.phone, { text: 'And once more' });
  const told = () => wire.api.call('GET', `/groups/${jid}/most-active?days=1`) as Promise<GroupMostActive>;
  const active = await until('all of it', async () => {
    const seen = await told();
    return seen.messages === 7 ? seen : undefined;
  });
  expect(active.people).toBe(4);
  const figures = active.items.map(({ phone_number: who, messages, session_id: ours }) => `${who} ${messages} ${ours}`);
  expect(figures.slice(0, 2)).toEqual([`${plus(noa)} 3 null`, `${plus(other.phone)} 2 ${other.session}`]);
  expect(inOrder(figures.slice(2))).toEqual(
    inOrder([`${plus(omar)} 1 null`, `${plus(number.phone)} 1 ${number.session}`]),
  );
  const stored = async () => {
    const { rows } = await wire.app.database.admin.query<{ n: number }>(
      `select count(*)::int as n from messages m join conversations v on v.id = m.conversation_id join groups g on g.id = v.group_id
        where g.jid = $1 and m.type = 'text'`,
      [jid],
    );
    return rows[0]?.n;
  };
  await until('both of our numbers to have all', async () => (await stored()) === 14);
  expect(await told()).toMatchObject({ messages: 7, people: 4 });
}, 60_000);

it('groups that a number is in when it is linked are asked for once, however many', async () => {
  const shop = await wire.phones.createPhone({ name: 'New shop' });
  const many = await Promise.all(Array.from({ length: 12 }, (_, n) => make(`Club ${n}`, [shop, omar], gil)));
  const before = await asked();
  const { id: session, qr } = await wire.api.createWithQr('New shop');
  await wire.phones.call('POST', `/phones/${shop}/scan`, { qr });
  await wire.connected(session);
  const mine = async () => ((await wire.api.call('GET', `/groups?session_id=${session}`)) as GroupPage).items;
  await until('all groups', async () => (await mine()).length === many.length);
  expect((await mine()).every(({ size }) => size === 3)).toBe(true);
  const after = await asked();
  const more = Object.entries(after).flatMap(([kind, n]) =>
    kind.startsWith('w:g2') && n !== before[kind] ? [`${n - (before[kind] ?? 0)} ${kind}`] : [],
  );
  expect(more).toEqual([expect.stringMatching(/^1 w:g2 .*participating/)]);
}, 60_000);
