import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import type { GroupActionView, GroupPersonResult } from './group-actions.dto.ts';
import type { GroupEventPage, GroupParticipantPage, GroupView } from './groups.dto.ts';

let wire: Wire;
let number: WireNumber;
let other: WireNumber;
let [noa, omar, gil, shy]: string[] = [];

beforeAll(async () => {
  wire = await Wire.start();
  [number, other] = [await wire.link('Shop'), await wire.link('Office')];
  [noa, omar, gil, shy] = await Promise.all(
    ['Noa', 'Omar', 'Gil', 'Shy'].map((name) => wire.phones.createPhone({ name, silent: name !== 'Shy' })),
  );
  await wire.phones.call('PATCH', `/phones/${shy}`, { groupsByInvitationOnly: true });
}, 90_000);
afterAll(() => wire.close());

/** As WhatsApp has it. */
type Truth = {
  subject: string;
  description: { text: string } | null;
  announcement: boolean;
  locked: boolean;
  memberAddMode: string;
  approval: boolean;
  ephemeral: number;
  picture: string | null;
  inviteCode: string;
  participants: { phone: string; role: string }[];
  requests: { phone: string }[];
};
const truth = (jid: string) => wire.phones.call<Truth>('GET', `/groups/${jid}`);
const rolesIn = async (jid: string) =>
  Object.fromEntries((await truth(jid)).participants.map(({ phone, role }) => [plus(phone), role]));
const plus = (phone: string | undefined) => `+${phone}`;
const named = (...phones: (string | undefined)[]) => phones.map((phone) => ({ phone_number: plus(phone) }));

const post = (path: string, body: object = {}, by = number) =>
  wire.api.call('POST', `/groups${path}`, { session_id: by.session, ...body }) as Promise<GroupActionView>;
const get = <T>(path: string) => wire.api.call('GET', `/groups${path}`) as Promise<T>;
const group = (jid: string) => get<GroupView>(`/${jid}`);
const outcomes = ({ result }: GroupActionView) =>
  Object.fromEntries((result?.participants ?? []).map((one: GroupPersonResult) => [one.phone_number, one.status]));
const eventsIn = async (jid: string) =>
  (await get<GroupEventPage>(`/${jid}/events?limit=100`)).items.map(
    ({ type, phone_number: who, noticed }) => `${type} ${who}${noticed ? ' noticed' : ''}`,
  );
async function peopleOf(jid: string): Promise<Record<string, string>> {
  const { items } = await get<GroupParticipantPage>(`/${jid}/participants?limit=100`);
  return Object.fromEntries(items.map(({ phone_number: phone, role }) => [phone ?? '', role]));
}
const make = async (subject: string, ...people: (string | undefined)[]) =>
  (await post('', { subject, participants: named(...people) })).group_jid ?? '';

describe('a group that a number makes', () => {
  let jid: string;

  it('has its settings and its people from the beginning, and says who is not in it and why', async () => {
    const action = await post('', {
      subject: 'Neighbours',
      description: 'Of the house',
      participants: [...named(noa, shy), { phone_number: '+972541239999' }],
      announcement: true,
      locked: false,
      join_approval: false,
      ephemeral_seconds: 86_400,
    });
    expect(action).toMatchObject({ state: 'done', kind: 'create', error: null });
    jid = action.group_jid ?? '';
    expect(outcomes(action)).toEqual({
      [plus(noa)]: 'done',
      [plus(shy)]: 'invited',
      '+972541239999': 'not_on_whatsapp',
    });
    expect(await truth(jid)).toMatchObject({
      subject: 'Neighbours',
      description: { text: 'Of the house' },
      announcement: true,
      locked: false,
      approval: false,
      ephemeral: 86_400,
    });
    expect(await rolesIn(jid)).toEqual({ [plus(number.phone)]: 'superadmin', [plus(noa)]: 'member' });
  });

  it('is known here when the answer comes, with nobody in it who is not', async () => {
    expect(await group(jid)).toMatchObject({
      subject: 'Neighbours',
      description: 'Of the house',
      announcement: true,
      ephemeral_seconds: 86_400,
      size: 2,
      numbers: [{ session_id: number.session, role: 'superadmin', cannot: {} }],
    });
    expect(await peopleOf(jid)).toEqual({ [plus(number.phone)]: 'superadmin', [plus(noa)]: 'member' });
    expect(await eventsIn(jid)).toEqual([]);
  });
});

describe('who may not be added', () => {
  type Invite = { group: string; name: string; code: string };
  const invitesTo = async (jid: string) => {
    const messages = (await wire.phones.messages(shy ?? '', number.phone)) as unknown as {
      text: string;
      details: { invite?: Invite };
    }[];
    return messages.flatMap(({ text, details: { invite } }) => (invite?.group === jid ? [{ text, invite }] : []));
  };

  it('is sent one invitation, by which he comes in', async () => {
    const jid = await make('By invitation', shy);
    const [sent] = await until('the invitation', async () => {
      const sentNow = await invitesTo(jid);
      return sentNow.length > 0 ? sentNow : undefined;
    });
    expect(sent).toMatchObject({
      text: 'Invitation to join my WhatsApp group',
      invite: { name: 'By invitation', code: expect.any(String) },
    });
    const messages = await wire.api.messages(number.session);
    expect(
      messages.find(({ content }) => content?.group_invite?.group_jid === jid)?.content?.group_invite,
    ).toMatchObject({
      code: sent?.invite.code,
    });
    await wire.phones.call('POST', `/groups/${jid}/join`, { phone: shy, code: sent?.invite.code });
    await until('him to be in it', async () => plus(shy) in (await peopleOf(jid)));
    expect(await invitesTo(jid)).toHaveLength(1);
  });

  it('is sent nothing where that is not wished for; whoever asks has the code', async () => {
    const jid = await make('Quiet');
    const action = await post(`/${jid}/add-participant`, { participants: named(shy), invite: false });
    expect(action.result?.participants).toMatchObject([
      { status: 'needs_invitation', message_id: null, invitation: { code: expect.any(String) } },
    ]);
    expect(await invitesTo(jid)).toEqual([]);
  });
});

describe('what a number does to a group', () => {
  let jid: string;
  beforeAll(async () => {
    jid = await make('Club', noa);
  });

  it('changes subject, description and settings, at WhatsApp and here', async () => {
    await post(`/${jid}/subject`, { subject: 'The club' });
    await post(`/${jid}/description`, { description: 'On Mondays' });
    await post(`/${jid}/settings`, {
      announcement: true,
      locked: true,
      member_add_mode: 'admins',
      join_approval: true,
      ephemeral_seconds: 604_800,
    });
    expect(await truth(jid)).toMatchObject({
      subject: 'The club',
      description: { text: 'On Mondays' },
      announcement: true,
      locked: true,
      memberAddMode: 'admin_add',
      approval: true,
      ephemeral: 604_800,
    });
    expect(await group(jid)).toMatchObject({
      subject: 'The club',
      description: 'On Mondays',
      announcement: true,
      locked: true,
      member_add_mode: 'admins',
      join_approval: true,
      ephemeral_seconds: 604_800,
    });
    await post(`/${jid}/description`, { description: 'On Tuesdays' });
    await post(`/${jid}/description`, { description: null });
    await post(`/${jid}/settings`, { announcement: false, join_approval: false, ephemeral_seconds: 0 });
    expect(await truth(jid)).toMatchObject({ description: null, announcement: false, locked: true, ephemeral: 0 });
    expect(await group(jid)).toMatchObject({ description: null, announcement: false, ephemeral_seconds: null });
  });

  it('adds, promotes, demotes and removes people, each event once', async () => {
    const added = await post(`/${jid}/add-participant`, { participants: named(omar, gil, noa, shy) });
    expect(outcomes(added)).toEqual({
      [plus(omar)]: 'done',
      [plus(gil)]: 'done',
      [plus(noa)]: 'already',
      [plus(shy)]: 'invited',
    });
    expect(outcomes(await post(`/${jid}/promote`, { participants: named(omar, shy) }))).toEqual({
      [plus(omar)]: 'done',
      [plus(shy)]: 'not_in_group',
    });
    expect(await rolesIn(jid)).toMatchObject({ [plus(omar)]: 'admin', [plus(gil)]: 'member' });
    expect(await peopleOf(jid)).toMatchObject({ [plus(omar)]: 'admin', [plus(gil)]: 'member' });
    await post(`/${jid}/demote`, { participants: named(omar) });
    await post(`/${jid}/remove-participant`, { participants: named(gil) });
    expect(await rolesIn(jid)).toEqual(await peopleOf(jid));
    expect((await eventsIn(jid)).toSorted()).toEqual(
      [
        `added ${plus(gil)}`,
        `added ${plus(omar)}`,
        `demoted ${plus(omar)}`,
        `promoted ${plus(omar)}`,
        `removed ${plus(gil)}`,
      ].toSorted(),
    );
  });

  it('names people by their privacy address, too', async () => {
    const { items } = await get<GroupParticipantPage>(`/${jid}/participants?limit=100`);
    const { lid } = items.find(({ phone_number: phone }) => phone === plus(omar)) ?? {};
    const action = await post(`/${jid}/promote`, { participants: [{ lid }] });
    expect(action.result?.participants).toMatchObject([{ phone_number: plus(omar), lid, status: 'done' }]);
    expect(await rolesIn(jid)).toMatchObject({ [plus(omar)]: 'admin' });
  });

  it('says who may not be added yet, for he left', async () => {
    await wire.phones.call('POST', `/groups/${jid}/leave`, { phone: omar });
    const again = await post(`/${jid}/add-participant`, { participants: named(omar) });
    expect(outcomes(again)).toEqual({ [plus(omar)]: 'recently_left' });
  });

  it('shows the link and resets it', async () => {
    const link = async () =>
      (await get<GroupActionView>(`/${jid}/invite-link?session_id=${number.session}`)).result?.invite_link;
    const first = await link();
    expect(first).toBe(`https://chat.whatsapp.com/${(await truth(jid)).inviteCode}`);
    const { result } = await post(`/${jid}/invite-link/revoke`);
    expect(result?.invite_link).not.toBe(first);
    expect(await link()).toBe(result?.invite_link);
  });
});

describe('a group that another made', () => {
  let jid: string;
  let link: string;
  const info = (of: string) =>
    get<GroupActionView>(`/link-info?session_id=${number.session}&link=${encodeURIComponent(of)}`);
  beforeAll(async () => {
    const body = { owner: noa, subject: 'Market', participants: [other.phone], description: 'Near the sea' };
    ({ id: jid } = await wire.phones.call<{ id: string }>('POST', '/groups', body));
    link = `https://chat.whatsapp.com/${(await truth(jid)).inviteCode}?mode=ac_t`;
  });

  it('is seen by its link, and joined', async () => {
    expect((await info(link)).result?.group).toEqual({
      jid,
      kind: 'group',
      subject: 'Market',
      description: 'Near the sea',
      size: 2,
      join_approval: false,
    });
    expect((await post('/join', { link })).result).toMatchObject({ joined: 'joined', group: { jid } });
    expect((await group(jid)).numbers).toContainEqual(
      expect.objectContaining({ session_id: number.session, role: 'member' }),
    );
    expect((await post('/join', { link })).result?.joined).toBe('already');
    expect(Object.keys(await rolesIn(jid))).toContain(plus(number.phone));
  });

  it('is left, which is known at once', async () => {
    await post(`/${jid}/leave`);
    expect(await rolesIn(jid)).not.toHaveProperty([plus(number.phone)]);
    expect((await group(jid)).numbers).toContainEqual({
      session_id: number.session,
      role: null,
      cannot: expect.objectContaining({ subject: 'not_in_group', leave: 'not_in_group' }),
    });
    expect(await eventsIn(jid)).toEqual([`left ${plus(number.phone)}`, `joined ${plus(number.phone)}`]);
  });

  it('is asked to let somebody in, whom an admin lets in or turns away', async () => {
    await wire.phones.call('POST', `/groups/${jid}/participants`, {
      by: noa,
      action: 'promote',
      phones: [other.phone],
    });
    await wire.phones.call('POST', `/groups/${jid}/settings`, { by: noa, approval: true });
    await until('the office to be an admin', async () =>
      (await group(jid)).numbers.some(({ session_id: id, role }) => id === other.session && role === 'admin'),
    );
    expect((await post('/join', { link })).result?.joined).toBe('requested');
    await wire.phones.call('POST', `/groups/${jid}/join`, { phone: gil, code: (await truth(jid)).inviteCode });
    const facts = `select payload->>'group_jid' as jid from private.facts where type = 'group.requests'`;
    await until('both to be told of', async () => (await wire.app.database.admin.query(facts)).rows.length === 2);
    expect((await wire.app.database.admin.query(facts)).rows).toEqual([{ jid }, { jid }]);
    const waiting = await get<GroupActionView>(`/${jid}/requests?session_id=${other.session}`);
    expect(waiting.result?.requests?.map(({ phone_number: phone, by_link: byLink }) => [phone, byLink])).toEqual([
      [plus(number.phone), true],
      [plus(gil), true],
    ]);
    const let_in = await post(`/${jid}/requests/approve`, { participants: named(number.phone, omar) }, other);
    expect(outcomes(let_in)).toEqual({ [plus(number.phone)]: 'done', [plus(omar)]: 'not_waiting' });
    await post(`/${jid}/requests/reject`, { participants: named(gil) }, other);
    expect((await truth(jid)).requests).toEqual([]);
    expect(await rolesIn(jid)).toEqual(await peopleOf(jid));
    expect(await rolesIn(jid)).toMatchObject({ [plus(number.phone)]: 'member' });
  });

  it('gets the picture that is uploaded for it, and loses it', async () => {
    const form = new FormData();
    const picture = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#0a7' } })
      .png()
      .toBuffer();
    form.append('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'sea.png');
    const { id } = (await wire.api.call('POST', '/media/upload', form)) as { id: string };
    await post(`/${jid}/picture`, { media_id: id }, other);
    expect((await truth(jid)).picture).toEqual(expect.any(String));
    await post(`/${jid}/picture`, { media_id: null }, other);
    expect((await truth(jid)).picture).toBeNull();
  });

  it('nobody joins by a link that was reset, or never was', async () => {
    await post(`/${jid}/invite-link/revoke`, {}, other);
    for (const dead of [link, 'https://chat.whatsapp.com/NeverWasSuchALink0000'])
      await expect(info(dead)).rejects.toThrow('group_link_invalid');
    await expect(post('/join', { link })).rejects.toThrow('group_link_invalid');
  });
});

describe('what WhatsApp refuses', () => {
  it('for it is too much is tried again, and done once', async () => {
    const jid = await make('Busy', noa);
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'group-rate-limit', count: 2 });
    const { result } = await get<GroupActionView>(`/${jid}/invite-link?session_id=${number.session}`);
    expect(result?.invite_link).toContain((await truth(jid)).inviteCode);
  });
});
