import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_PARTICIPANTS } from './server/groups/book.ts';
import { Harness } from './testing/harness.ts';

/** What making many groups may take; it takes a fraction. */
const FAST_MS = 2000;

describe('groups by the control API', () => {
  let harness: Harness;
  let owner: string;
  let member: string;
  let outsider: string;

  beforeAll(async () => {
    harness = await Harness.start();
    owner = await harness.phone({ name: 'Owner' });
    member = await harness.phone({ name: 'Member' });
    outsider = await harness.phone({ name: 'Outsider' });
  });
  afterAll(() => harness.close());

  const aGroup = (options: object = {}) =>
    harness.control.createGroup({ owner, subject: 'A group', participants: [member], ...options });

  const events = async (id: string) =>
    (await harness.control.groupLog(id)).map(({ event, actor, subjects, size }) => [event, actor, subjects, size]);

  it('makes a group with all that it can have, and shows it', async () => {
    const asked = { description: 'All of it', announcement: true, locked: true, approval: true, ephemeral: 86_400 };
    const made = await aGroup({ ...asked, memberAddMode: 'admin_add', participants: [member, '12025550999'] });
    expect(made.results.map(({ phone, code }) => [phone, code])).toEqual([
      [member, 200],
      ['12025550999', 404],
    ]);
    const { results: _results, ...view } = made;
    expect(await harness.control.group(made.id)).toEqual(view);
    expect(view).toMatchObject({
      ...asked,
      description: { text: 'All of it', by: owner },
      memberAddMode: 'admin_add',
      size: 2,
      creator: owner,
      addressing: 'lid',
      participants: [
        { phone: owner, role: 'superadmin' },
        { phone: member, role: 'member' },
      ],
      requests: [],
      community: null,
      picture: null,
    });
    expect((await harness.control.groups()).map(({ id }) => id)).toContain(made.id);
    // With or without `@g.us`.
    expect((await harness.control.group(made.id.replace('@g.us', ''))).id).toBe(made.id);
  });

  it('tells what became of each person', async () => {
    const { id } = await aGroup();
    const shy = await harness.phone({ groupsByInvitationOnly: true });
    const results = await harness.control.changeParticipants(id, owner, 'add', [outsider, member, shy, '12025550999']);
    expect(results.map(({ code }) => code)).toEqual([200, 409, 403, 404]);
    expect(results[2]?.invitation).toMatchObject({ code: expect.any(String), expiration: expect.any(String) });
    expect(await harness.control.joinGroup(id, shy, results[2]?.invitation?.code ?? '')).toEqual({ outcome: 'joined' });
    await harness.control.leaveGroup(id, outsider);
    expect(await harness.control.changeParticipants(id, owner, 'add', [outsider])).toMatchObject([{ code: 408 }]);
    await harness.control.changeParticipants(id, owner, 'promote', [member]);
    await harness.control.changeParticipants(id, member, 'remove', [shy]);
    await harness.control.changeParticipants(id, owner, 'demote', [member]);
    expect(await events(id)).toEqual([
      ['created', owner, [owner, member], 2],
      ['added', owner, [outsider], 3],
      ['joined by invitation', shy, [shy], 4],
      ['left', outsider, [outsider], 3],
      ['promoted', owner, [member], 3],
      ['removed', member, [shy], 2],
      ['demoted', owner, [member], 2],
    ]);
    await harness.control.changePhone(shy, { groupsByInvitationOnly: false });
    expect(await harness.control.changeParticipants(id, owner, 'add', [shy])).toMatchObject([{ code: 200 }]);
  });

  it('lets people in by the link and with approval', async () => {
    const { id, inviteCode } = await aGroup();
    await harness.control.changeGroup(id, 'settings', { by: owner, approval: true });
    expect(await harness.control.joinGroup(id, outsider, inviteCode)).toEqual({ outcome: 'requested' });
    expect((await harness.control.group(id)).requests).toMatchObject([{ phone: outsider }]);
    expect(await harness.control.decideRequests(id, owner, 'approve', [outsider, member])).toMatchObject([
      { phone: outsider, code: 200 },
      { phone: member, code: 404 },
    ]);
    expect((await harness.control.group(id)).requests).toEqual([]);
    await harness.control.changeGroup(id, 'invite', { by: owner });
    await expect(harness.control.joinGroup(id, owner, inviteCode)).rejects.toMatchObject({ status: 410 });
    expect((await events(id)).map(([event]) => event)).toEqual([
      'created',
      'membership_approval_mode',
      'requested',
      'approved',
      'invite code',
    ]);
  });

  it('changes what a group is called, says, looks like and allows', async () => {
    const { id } = await aGroup();
    await harness.control.changeGroup(id, 'subject', { by: member, subject: 'Renamed' });
    await harness.control.changeGroup(id, 'description', { by: member, description: 'Described' });
    await harness.control.changeGroup(id, 'description', { by: owner, description: 'Described again' });
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0]).toString('base64');
    await harness.control.changeGroup(id, 'picture', { by: owner, base64: jpeg });
    const change = { announcement: true, locked: true, memberAddMode: 'admin_add', ephemeral: 604_800 };
    const changed = await harness.control.changeGroup(id, 'settings', { by: owner, ...change });
    expect(changed).toMatchObject({
      ...change,
      subject: 'Renamed',
      subjectBy: member,
      description: { text: 'Described again', by: owner },
      picture: expect.any(String),
    });
    const log = await harness.control.groupLog(id);
    expect(log.map(({ event, value }) => [event, value]).slice(1, 4)).toEqual([
      ['subject', 'Renamed'],
      ['description', 'Described'],
      ['description', 'Described again'],
    ]);
    await expect(harness.control.changeGroup(id, 'subject', { by: member, subject: 'Mine' })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('makes communities', async () => {
    const { id: community } = await aGroup({ subject: 'Village', participants: [], community: true });
    const { id: choir } = await aGroup({ subject: 'Choir', parent: community });
    const { id: cooks } = await aGroup({ subject: 'Cooks' });
    await harness.control.changeGroup(community, 'link', { by: owner, group: cooks });
    expect((await harness.control.group(cooks)).community).toEqual({ kind: 'group', parent: community });
    const kinds = (await harness.control.groups()).flatMap((group) =>
      group.community && (group.id === community || group.community.parent === community)
        ? [[group.subject, group.community.kind, group.size]]
        : [],
    );
    expect(kinds).toEqual([
      ['Village', 'parent', 2],
      ['Village', 'announcements', 2],
      ['Choir', 'group', 2],
      ['Cooks', 'group', 2],
    ]);
    await harness.control.changeGroup(community, 'link', { by: owner, group: cooks, linked: false });
    expect((await harness.control.group(cooks)).community).toBeNull();
    await expect(harness.control.changeGroup(community, 'link', { by: owner, group: choir })).rejects.toMatchObject({
      status: 409,
    });
  });

  it.each([
    ['a group that is not there', '120363000000000000', 'subject', { subject: 'x' }, 404],
    ['no group at all', '12025550101', 'subject', { subject: 'x' }, 400],
    ['an empty subject', undefined, 'subject', { subject: ' ' }, 400],
    ['nobody to add', undefined, 'participants', { action: 'add', phones: [] }, 400],
    ['what is no JPEG', undefined, 'picture', { base64: 'AAAA' }, 400],
  ])('refuses %s', async (_what, group, verb, body, status) => {
    const id = group ?? (await aGroup()).id;
    await expect(harness.control.changeGroup(id, verb, { by: owner, ...body })).rejects.toMatchObject({ status });
  });

  it('refuses what WhatsApp refuses', async () => {
    const { id } = await aGroup();
    await expect(harness.control.changeParticipants(id, member, 'remove', [owner])).rejects.toMatchObject({
      status: 403,
    });
    await expect(harness.control.changeParticipants(id, outsider, 'add', [outsider])).rejects.toMatchObject({
      status: 403,
    });
    await expect(harness.control.leaveGroup(id, outsider)).rejects.toMatchObject({ status: 403 });
    await expect(harness.control.joinGroup(id, outsider, 'no-such-code')).rejects.toMatchObject({ status: 400 });
    await expect(harness.control.sendText(owner, '120363000000000000@g.us', 'x')).rejects.toMatchObject({
      status: 404,
    });
    expect(await events(id)).toHaveLength(1);
  });

  it('makes large groups of silent phones fast, and a device finds its way in them', async () => {
    const numbers = Array.from({ length: MAX_PARTICIPANTS }, (_, index) => `1555${1_000_000 + index}`);
    for (const phone of numbers) await harness.control.createPhone({ phone, silent: true });
    const timed = async <T>(work: () => Promise<T>): Promise<T> => {
      const before = performance.now();
      const result = await work();
      expect(performance.now() - before).toBeLessThan(FAST_MS);
      return result;
    };
    const host = await harness.phone();
    const made = (subject: string, participants: string[]) =>
      harness.control.createGroup({ owner: host, subject, participants });
    const largest = await timed(() => made('The largest', numbers.slice(1)));
    expect(largest.size).toBe(MAX_PARTICIPANTS);
    expect(await harness.control.changeParticipants(largest.id, host, 'add', numbers.slice(0, 1))).toMatchObject([
      { code: 419 },
    ]);
    const fifty = await timed(async () => {
      const groups = [];
      for (let index = 0; index < 50; index += 1)
        groups.push(await made(`Group ${index}`, numbers.slice(index, index + 199)));
      return groups;
    });
    // A phone encrypts for nobody who reads nothing.
    await timed(() => harness.control.sendText(host, largest.id, 'to all of you'));

    const device = await harness.linked(host);
    const groups = Object.values(await device.socket.groupFetchAllParticipating());
    expect(groups.map(({ participants }) => participants.length).toSorted((a, b) => b - a)).toEqual([
      MAX_PARTICIPANTS,
      ...fifty.map(() => 200),
    ]);
    const id = fifty[0]?.id ?? '';
    const answer = await device.send(id, { text: 'thank you' });
    expect((await device.acked(answer))['error']).toBeUndefined();
    expect(await harness.control.text(host, 'thank you')).toMatchObject({ with: id });
  });
});
