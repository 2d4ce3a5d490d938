import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { newId } from '../../kernel/ids.ts';
import { insert } from '../../testing/insert.ts';
import { connectLive, readyCursor } from '../../testing/live-client.ts';
import { TestPerson } from '../../testing/start-api.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { GroupPage } from '../groups/groups.dto.ts';
import { BroadcastPreview, BroadcastView, RecipientPage } from './broadcasts.dto.ts';

const PHONES = 30;

let wire: Wire;
let numbers: WireNumber[];
let people: string[];
let jid: string;
beforeAll(async () => {
  // So slow that it can be stopped half-way.
  wire = await Wire.start({ settings: { OUTBOX_MIN_GAP_MS: '150' } });
  numbers = [await wire.link('Shop'), await wire.link('Office')];
  people = await Promise.all(Array.from({ length: PHONES }, () => wire.phones.createPhone()));
  jid = await aGroup([...people, ...numbers.map(({ phone }) => phone)]);
}, 120_000);
afterAll(() => wire.close());

const e164 = (phone: string): string => `+${phone.replace('+', '')}`;
const path = (id: string, what = ''): string => `/broadcasts/${id}${what}`;
const get = async (id: string) => BroadcastView.parse(await wire.api.call('GET', path(id)));
const launch = async (body: object) =>
  BroadcastView.parse(await wire.api.call('POST', '/broadcasts', { name: 'Friday', ...body }));
/** What a phone shows of both numbers. */
const shown = async (phone: string): Promise<string[]> =>
  (await Promise.all(numbers.map((number) => wire.textsOnPhone(phone, number)))).flat();

/** As WhatsApp would have told of it. */
async function aGroup(phones: readonly string[]): Promise<string> {
  const { admin } = wire.app.database;
  const of = { organization_id: wire.api.organization };
  const name = '120363041234567890@g.us';
  const group = await insert(admin, 'groups', { ...of, id: newId(), jid: name, subject: 'Choir', told_at: new Date() });
  for (const phone of phones)
    await insert(admin, 'group_participants', {
      ...of,
      id: newId(),
      group_id: group.id,
      phone_number: e164(phone),
      role: 'member',
      changed_at: new Date(),
    });
  return name;
}

it('reaches each of them once, though it is stopped half-way, from the number that was chosen for him', async () => {
  const { id, total, excluded } = await launch({
    audience: { groups: { jids: [jid] }, phone_numbers: people.slice(0, 5).map(e164) },
    content: { type: 'text', text: '{Hello|Hi}, choir!' },
    session_ids: numbers.map(({ session }) => session),
  });
  expect({ total, excluded }).toEqual({ total: PHONES, excluded: [{ exclusion: 'own_number', count: 2 }] });
  await until('some to have left', async () => (await get(id)).counts.queued < PHONES * 0.9);
  const paused = BroadcastView.parse(await wire.api.call('POST', path(id, '/pause')));
  expect(paused.counts.queued).toBeGreaterThan(0);
  await until('what was under way to be there', async () => (await get(id)).counts.sending === 0);
  const { counts } = await get(id);
  expect(counts.queued).toBe(paused.counts.queued);
  await wire.api.call('POST', path(id, '/resume'));
  await until('all to have left', async () => (await get(id)).state === 'completed', { timeoutMs: 120_000 });
  for (const phone of people) await until(`${phone} to have it`, async () => (await shown(phone)).length > 0);
  const arrived = await Promise.all(people.map(shown));
  expect(arrived.filter(([text, ...more]) => !/^(Hello|Hi), choir!$/.test(text ?? '') || more.length > 0)).toEqual([]);
  expect(new Set(arrived.flat()).size).toBe(2);

  const view = await get(id);
  expect(view.numbers.map((one) => one.total)).toEqual([PHONES / 2, PHONES / 2]);
  const page = RecipientPage.parse(await wire.api.call('GET', path(id, '/recipients?limit=100&state=delivered')));
  expect(page.items).toHaveLength(PHONES);
}, 240_000);

it('counts who answers, once each, and tells it live to its own people', async () => {
  const [ready, other] = people as [string, string];
  const [shop] = numbers as [WireNumber];
  await wire.phones.send(other, { to: shop.phone, text: 'before' });
  await until('it to be here', async () => (await wire.textsReceived(shop)).includes('before'));
  const seconds = () => Math.floor(Date.now() / 1000);
  const said = seconds();
  const owner = Object.assign(new TestPerson(wire.app.url, '', wire.api.token), {
    organization: wire.api.organization,
  });
  const omar = await wire.app.signUpOwner('Omar', 'Other');
  const [socket, stranger] = [connectLive(wire.app, owner), connectLive(wire.app, omar)];
  try {
    await Promise.all([readyCursor(socket), readyCursor(stranger)]);
    const overheard: unknown[] = [];
    stranger.on('broadcast.progress', (event) => overheard.push(event));
    const told: { broadcast_id: string; replied: number; total: number }[] = [];
    socket.on('broadcast.progress', (event: (typeof told)[number]) => told.push(event));
    // The message from before is older than any second of what follows.
    await until('the next second', () => seconds() > said);
    const { id } = await launch({
      audience: { phone_numbers: [ready, other].map(e164) },
      content: { type: 'text', text: 'Will you come?' },
      session_ids: [shop.session],
    });
    await until('both to be there', async () => (await get(id)).counts.delivered === 2);
    expect((await get(id)).replied).toBe(0);
    await wire.phones.send(ready, { to: shop.phone, text: 'Yes!' });
    await wire.phones.send(ready, { to: shop.phone, text: 'With pleasure' });
    await until('it to be told', () => told.some((event) => event.broadcast_id === id && event.replied === 1));
    await until('both to be here', async () => (await wire.textsReceived(shop)).includes('With pleasure'));
    await wire.phones.send(other, { to: shop.phone, text: 'No' });
    await until('the other one too', async () => (await get(id)).replied === 2);
    const page = RecipientPage.parse(await wire.api.call('GET', path(id, '/recipients?limit=100&state=replied')));
    expect(new Set(page.items.map(({ phone_number: phone }) => phone))).toEqual(new Set([ready, other].map(e164)));
    const last = () => told.findLast((event) => event.broadcast_id === id);
    await until('that to be told, too', () => last()?.replied === 2);
    expect(last()).toMatchObject({ total: 2, replied: 2 });
    expect(overheard).toEqual([]);
  } finally {
    socket.disconnect();
    stranger.disconnect();
  }
}, 60_000);

it('goes into groups themselves, once each, by a number that may write there; of the others it says why not', async () => {
  const [noa = '', omar = ''] = people;
  const made = async (subject: string, members: readonly string[], over: object = {}) =>
    (await wire.phones.call<{ id: string }>('POST', '/groups', { owner: noa, subject, participants: members, ...over }))
      .id;
  const [shop, office] = numbers.map(({ phone }) => phone);
  const open = await made('Open', [omar, shop ?? '', office ?? '']);
  const second = await made('Of the office', [omar, office ?? '']);
  const closed = await made('Closed', [omar, shop ?? ''], { announcement: true });
  const groups = [open, second, closed];
  await until('them to be known', async () => {
    const { items } = GroupPage.parse(await wire.api.call('GET', '/groups?limit=100'));
    return groups.every((one) => items.some((group) => group.jid === one));
  });
  const body = {
    audience: { into_groups: [...groups, open] },
    content: { type: 'text', text: 'To {{group}}' },
    session_ids: numbers.map(({ session }) => session),
  };
  const preview = BroadcastPreview.parse(await wire.api.call('POST', '/broadcasts/preview', body));
  expect(preview).toMatchObject({
    recipients: 2,
    duplicates: 1,
    new_chats: 0,
    excluded: [{ exclusion: 'group_not_writable', people: [{ name: 'Closed', detail: 'group_admin_required' }] }],
  });
  const { id } = await launch(body);
  await until('both to be there', async () => (await get(id)).counts.delivered === 2, { timeoutMs: 60_000 });
  for (const [group, text] of [
    [open, 'To Open'],
    [second, 'To Of the office'],
  ] as const) {
    const said = await wire.phones.call<{ text: string }[]>('GET', `/phones/${omar}/messages?with=${group}`);
    expect(said.map((one) => one.text)).toEqual([text]);
  }
  const { items } = RecipientPage.parse(await wire.api.call('GET', path(id, '/recipients')));
  expect(items.map(({ group_jid: group }) => group)).toEqual([open, second, closed]);
}, 120_000);
