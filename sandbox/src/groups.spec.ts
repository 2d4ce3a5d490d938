import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GroupMetadata, WAMessageStubType } from '@whiskeysockets/baileys';
import type { BaileysClient, ClientEvent } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

type Events = { [E in ClientEvent as E['type']]: E['data'] };

describe.each(['lid', 'pn'] as const)('groups, device to device (%s addressing)', (addressing) => {
  let harness: Harness;
  let maya: string;
  let omar: string;
  let lina: string;
  let mayaDevice: BaileysClient;
  let omarDevice: BaileysClient;
  let linaDevice: BaileysClient;
  const lids = new Map<string, string>();

  beforeAll(async () => {
    harness = await Harness.start({ addressing });
    maya = await harness.phone({ name: 'Maya' });
    omar = await harness.phone({ name: 'Omar' });
    lina = await harness.phone({ name: 'Lina' });
    for (const { phone, lid } of await harness.control.phones()) lids.set(phone, lid);
    [mayaDevice, omarDevice, linaDevice] = await Promise.all([
      harness.linked(maya),
      harness.linked(omar),
      harness.linked(lina),
    ]);
  });
  afterAll(() => harness.close());

  const pn = (phone: string) => `${phone}@s.whatsapp.net`;
  const jid = (phone: string) => (addressing === 'lid' ? `${lids.get(phone)}@lid` : pn(phone));

  /** What Baileys emits from now on, once it fits. */
  function next<K extends keyof Events, R>(client: BaileysClient, type: K, read: (data: Events[K]) => R | undefined) {
    return client.log.waitFor(type, (event) => (event.type === type ? read(event.data as Events[K]) : undefined), {
      since: client.log.events.length,
    });
  }

  const joined = (client: BaileysClient, subject: string) =>
    next(client, 'groups.upsert', (groups) => groups.find((group) => group.subject === subject));

  const updated = (client: BaileysClient, id: string, ...names: (keyof GroupMetadata)[]) =>
    next(client, 'groups.update', (updates) =>
      updates.find((update) => update.id === id && names.every((name) => name in update)),
    );

  const changed = (client: BaileysClient, id: string, action: string) =>
    next(client, 'group-participants.update', (change) =>
      change.id === id && change.action === action ? change : undefined,
    );

  const ranks = async (client: BaileysClient, id: string) =>
    Object.fromEntries((await client.socket.groupMetadata(id)).participants.map((one) => [one.id, one.admin ?? null]));

  async function aGroup(subject: string, ...members: string[]): Promise<string> {
    const { id } = await mayaDevice.socket.groupCreate(subject, members.map(pn));
    return id;
  }

  it('is made, and told to everybody in it', async () => {
    const told = Promise.all([joined(mayaDevice, 'Family'), joined(omarDevice, 'Family')]);
    const made = await mayaDevice.socket.groupCreate('Family', [pn(omar), pn('12025550999')]);
    expect(made).toMatchObject({ subject: 'Family', owner: jid(maya), addressingMode: addressing, size: 2 });
    const [own, others] = await told;
    expect(own).toMatchObject({ id: made.id, author: jid(maya) });
    expect(others).toMatchObject({
      id: made.id,
      author: jid(maya),
      ...(addressing === 'lid' && { authorPn: pn(maya), ownerPn: pn(maya) }),
      participants: [
        { id: jid(maya), admin: 'superadmin' },
        { id: jid(omar), admin: null },
      ],
    });
    const known = await omarDevice.socket.groupMetadata(made.id);
    const other = addressing === 'lid' ? { phoneNumber: pn(omar) } : { lid: `${lids.get(omar)}@lid` };
    expect(known.participants[1]).toMatchObject({ id: jid(omar), ...other });
    expect(Object.keys(await omarDevice.socket.groupFetchAllParticipating())).toEqual([made.id]);
    expect(await linaDevice.socket.groupFetchAllParticipating()).toEqual({});
  });

  it('adds as far as it may, and says of each person what became of it', async () => {
    const id = await aGroup('Adding', omar);
    await linaDevice.socket.updateGroupsAddPrivacy('contacts');
    const add = (...phones: string[]) => mayaDevice.socket.groupParticipantsUpdate(id, phones.map(pn), 'add');
    const results = await add(omar, lina, '12025550999');
    expect(results.map(({ status }) => status)).toEqual(['409', '403', '404']);
    const invitation = results[1]?.content.content;
    expect(invitation).toMatchObject([
      {
        tag: 'add_request',
        attrs: { code: expect.stringMatching(/.{10,}/), expiration: expect.stringMatching(/^\d+$/) },
      },
    ]);
    await linaDevice.socket.updateGroupsAddPrivacy('all');

    const told = Promise.all([joined(linaDevice, 'Adding'), changed(omarDevice, id, 'add')]);
    expect(await add(lina)).toMatchObject([{ status: '200' }]);
    const [group, change] = await told;
    expect(group.participants).toHaveLength(3);
    // Baileys loses the other address of who did it on its way through a protobuf message; only `groups.upsert` has it.
    expect(change).toMatchObject({ author: jid(maya), authorPn: undefined, participants: [{ id: jid(lina) }] });

    const left = changed(omarDevice, id, 'remove');
    await linaDevice.socket.groupLeave(id);
    expect(await left).toMatchObject({ author: jid(lina), participants: [{ id: jid(lina) }] });
    expect(await add(lina)).toMatchObject([{ status: '408' }]);
  });

  it('promotes, demotes and removes, and lets only admins do it', async () => {
    const id = await aGroup('Ranks', omar, lina);
    const change = (client: BaileysClient, phone: string, action: 'remove' | 'promote' | 'demote') =>
      client.socket.groupParticipantsUpdate(id, [pn(phone)], action);
    await expect(change(omarDevice, lina, 'remove')).rejects.toMatchObject({ data: 403 });
    const promoted = changed(linaDevice, id, 'promote');
    expect(await change(mayaDevice, omar, 'promote')).toMatchObject([{ status: '200' }]);
    expect(await promoted).toMatchObject({ participants: [{ id: jid(omar), admin: 'admin' }] });
    expect(await ranks(linaDevice, id)).toEqual({ [jid(maya)]: 'superadmin', [jid(omar)]: 'admin', [jid(lina)]: null });
    expect(await change(omarDevice, maya, 'remove')).toMatchObject([{ status: '403' }]);
    expect(await change(omarDevice, '12025550999', 'promote')).toMatchObject([{ status: '404' }]);

    const removed = Promise.all([changed(linaDevice, id, 'remove'), changed(mayaDevice, id, 'remove')]);
    expect(await change(omarDevice, lina, 'remove')).toMatchObject([{ status: '200' }]);
    for (const told of await removed)
      expect(told).toMatchObject({ author: jid(omar), participants: [{ id: jid(lina) }] });
    await expect(linaDevice.socket.groupMetadata(id)).rejects.toMatchObject({ data: 403 });

    const demoted = changed(omarDevice, id, 'demote');
    await change(mayaDevice, omar, 'demote');
    expect(await demoted).toMatchObject({ participants: [{ id: jid(omar) }] });
    expect(await ranks(omarDevice, id)).toEqual({ [jid(maya)]: 'superadmin', [jid(omar)]: null });
  });

  it('keeps an admin when the last one leaves', async () => {
    const id = await aGroup('Heirs', omar, lina);
    const told = changed(linaDevice, id, 'promote');
    await mayaDevice.socket.groupLeave(id);
    expect(await told).toMatchObject({ participants: [{ id: jid(omar) }] });
    expect(await ranks(omarDevice, id)).toEqual({ [jid(omar)]: 'admin', [jid(lina)]: null });
  });

  it('changes its subject and description, and keeps two from changing the description at once', async () => {
    const id = await aGroup('Before', omar);
    const renamed = updated(omarDevice, id, 'subject');
    await mayaDevice.socket.groupUpdateSubject(id, 'After');
    expect(await renamed).toMatchObject({ subject: 'After', author: jid(maya) });
    const described = updated(mayaDevice, id, 'desc');
    await omarDevice.socket.groupUpdateDescription(id, 'What it is about');
    expect(await described).toMatchObject({ desc: 'What it is about', author: jid(omar) });
    expect(await mayaDevice.socket.groupMetadata(id)).toMatchObject({
      subject: 'After',
      desc: 'What it is about',
      descOwner: jid(omar),
    });
    const late = { tag: 'description', attrs: { id: 'LATE', prev: 'AN-OLDER-ONE' }, content: [body('too late')] };
    await expect(ask(mayaDevice, id, late)).rejects.toMatchObject({ data: 409 });
    await omarDevice.socket.groupUpdateDescription(id);
    expect((await mayaDevice.socket.groupMetadata(id)).desc).toBeUndefined();
    await expect(mayaDevice.socket.groupUpdateSubject(id, 'x'.repeat(101))).rejects.toMatchObject({ data: 406 });
  });

  const body = (text: string) => ({ tag: 'body', attrs: {}, content: Buffer.from(text) });
  const ask = (client: BaileysClient, to: string, content: object) =>
    client.socket.query({ tag: 'iq', attrs: { to, type: 'set', xmlns: 'w:g2' }, content: [content] } as never);

  it('changes its settings, each told to everybody', async () => {
    const id = await aGroup('Settings', omar);
    const { socket } = mayaDevice;
    const steps: [keyof GroupMetadata, unknown, () => Promise<void>][] = [
      ['announce', true, () => socket.groupSettingUpdate(id, 'announcement')],
      ['announce', false, () => socket.groupSettingUpdate(id, 'not_announcement')],
      ['restrict', true, () => socket.groupSettingUpdate(id, 'locked')],
      ['memberAddMode', false, () => socket.groupMemberAddMode(id, 'admin_add')],
      ['joinApprovalMode', true, () => socket.groupJoinApprovalMode(id, 'on')],
    ];
    for (const [name, value, step] of steps) {
      const told = updated(omarDevice, id, name);
      await step();
      expect(await told).toMatchObject({ [name]: value });
      expect(await omarDevice.socket.groupMetadata(id)).toMatchObject({ [name]: value });
    }
    await expect(omarDevice.socket.groupUpdateSubject(id, 'Mine')).rejects.toMatchObject({ data: 403 });
    await expect(omarDevice.socket.groupParticipantsUpdate(id, [pn(lina)], 'add')).rejects.toMatchObject({ data: 403 });
    const timer = next(omarDevice, 'chats.update', (chats) =>
      chats.find((chat) => chat.id === id && chat.ephemeralExpiration),
    );
    await socket.groupToggleEphemeral(id, 86_400);
    expect(await timer).toMatchObject({ ephemeralExpiration: 86_400 });
    expect((await omarDevice.socket.groupMetadata(id)).ephemeralDuration).toBe(86_400);
    await socket.groupToggleEphemeral(id, 0);
    expect((await omarDevice.socket.groupMetadata(id)).ephemeralDuration).toBeUndefined();
  });

  it('is joined by its link, until the link is revoked', async () => {
    const id = await aGroup('By link', omar);
    await expect(omarDevice.socket.groupInviteCode(id)).rejects.toMatchObject({ data: 401 });
    const code = (await mayaDevice.socket.groupInviteCode(id)) ?? '';
    expect(await linaDevice.socket.groupGetInviteInfo(code)).toMatchObject({
      id,
      subject: 'By link',
      size: 2,
      participants: [],
    });
    const told = Promise.all([changed(omarDevice, id, 'add'), joined(linaDevice, 'By link')]);
    expect(await linaDevice.socket.groupAcceptInvite(code)).toBe(id);
    expect((await told)[0]).toMatchObject({ author: jid(lina), participants: [{ id: jid(lina) }] });
    await expect(linaDevice.socket.groupAcceptInvite(code)).rejects.toMatchObject({ data: 409 });

    const revoked = updated(mayaDevice, id, 'inviteCode');
    const fresh = await mayaDevice.socket.groupRevokeInvite(id);
    expect(await revoked).toMatchObject({ inviteCode: fresh });
    expect(fresh).not.toBe(code);
    await expect(linaDevice.socket.groupGetInviteInfo(code)).rejects.toMatchObject({ data: 410 });
    await expect(linaDevice.socket.groupAcceptInvite('never-was')).rejects.toMatchObject({ data: 406 });
    await mayaDevice.socket.groupParticipantsUpdate(id, [pn(lina)], 'remove');
    await expect(linaDevice.socket.groupAcceptInvite(fresh ?? '')).rejects.toMatchObject({ data: 401 });
  });

  it('lets an admin decide who comes in', async () => {
    const id = await aGroup('By approval');
    await mayaDevice.socket.groupJoinApprovalMode(id, 'on');
    const code = (await mayaDevice.socket.groupInviteCode(id)) ?? '';
    const request = (client: BaileysClient, action: string) =>
      next(client, 'group.join-request', (one) => (one.id === id && one.action === action ? one : undefined));

    for (const device of [omarDevice, linaDevice]) {
      const asked = request(mayaDevice, 'created');
      expect(await device.socket.groupAcceptInvite(code)).toBeUndefined();
      const phone = device === omarDevice ? omar : lina;
      expect(await asked).toMatchObject({ participant: jid(phone), author: jid(phone), method: 'invite_link' });
    }
    expect(await mayaDevice.socket.groupRequestParticipantsList(id)).toMatchObject([
      { jid: jid(omar), request_method: 'invite_link' },
      { jid: jid(lina) },
    ]);
    await expect(omarDevice.socket.groupMetadata(id)).rejects.toMatchObject({ data: 403 });

    const told = Promise.all([joined(omarDevice, 'By approval'), changed(mayaDevice, id, 'add')]);
    const decide = (phone: string, action: 'approve' | 'reject') =>
      mayaDevice.socket.groupRequestParticipantsUpdate(id, [jid(phone)], action);
    expect(await decide(omar, 'approve')).toEqual([{ status: '200', jid: jid(omar) }]);
    expect((await told)[1]).toMatchObject({ author: jid(maya), participants: [{ id: jid(omar) }] });
    const turnedAway = request(linaDevice, 'rejected');
    expect(await decide(lina, 'reject')).toEqual([{ status: '200', jid: jid(lina) }]);
    await turnedAway;
    expect(await decide(lina, 'approve')).toEqual([{ status: '404', jid: jid(lina) }]);
    expect(await mayaDevice.socket.groupRequestParticipantsList(id)).toEqual([]);
  });

  it('is joined by an invitation to one person', async () => {
    const id = await aGroup('By invitation', omar);
    await linaDevice.socket.updateGroupsAddPrivacy('contacts');
    const [refused] = await mayaDevice.socket.groupParticipantsUpdate(id, [pn(lina)], 'add');
    await linaDevice.socket.updateGroupsAddPrivacy('all');
    const [request] = Array.isArray(refused?.content.content) ? refused.content.content : [];
    const { code = '', expiration = '' } = request?.attrs ?? {};
    const invitation = (inviteCode: string) => ({ groupJid: id, inviteCode, inviteExpiration: Number(expiration) });
    await expect(linaDevice.socket.groupAcceptInviteV4(pn(maya), invitation('wrong'))).rejects.toMatchObject({
      data: 406,
    });
    const told = Promise.all([changed(omarDevice, id, 'add'), joined(linaDevice, 'By invitation')]);
    expect(await linaDevice.socket.groupAcceptInviteV4(pn(maya), invitation(code))).toBe(id);
    expect((await told)[0]).toMatchObject({ author: jid(lina) });

    await omarDevice.socket.updateGroupsAddPrivacy('contacts');
    const other = await mayaDevice.socket.groupCreate('Refused', [pn(omar)]);
    // Baileys hands on who was refused as if he were in it.
    expect(other.participants.map(({ id: one }) => one)).toEqual([jid(maya), pn(omar)]);
    expect(other.size).toBe(1);
    expect(await ranks(mayaDevice, other.id)).toEqual({ [jid(maya)]: 'superadmin' });
    expect(await mayaDevice.socket.groupRevokeInviteV4(other.id, pn(omar))).toBe(true);
    await omarDevice.socket.updateGroupsAddPrivacy('all');
  });

  it('has a picture', async () => {
    const id = await aGroup('Picture', omar);
    await expect(omarDevice.socket.profilePictureUrl(id)).rejects.toThrow('item-not-found');
    const stub = (type: string) =>
      next(omarDevice, 'contacts.update', (contacts) => contacts.find((one) => one.id === id && one.imgUrl === type));
    const set = (content: object[]) =>
      mayaDevice.socket.query({
        tag: 'iq',
        attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:profile:picture', target: id },
        content,
      } as never);
    const picture = (bytes: Buffer) => [{ tag: 'picture', attrs: { type: 'image' }, content: bytes }];
    await expect(set(picture(Buffer.from('no JPEG')))).rejects.toMatchObject({ data: 406 });
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
    const changedPicture = stub('changed');
    await set(picture(jpeg));
    await changedPicture;
    const url = (await omarDevice.socket.profilePictureUrl(id, 'image')) ?? '';
    expect(await omarDevice.fetch(url)).toEqual(jpeg);
    const removed = stub('removed');
    await mayaDevice.socket.removeProfilePicture(id);
    await removed;
    await expect(omarDevice.socket.profilePictureUrl(id)).rejects.toThrow('item-not-found');
  });

  it('is part of a community', async () => {
    const parent = await mayaDevice.socket.communityCreate('The village', 'All of us');
    expect(parent).toMatchObject({ isCommunity: true, desc: 'All of us' });
    const { id: community = '' } = parent ?? {};
    const child = await mayaDevice.socket.communityCreateGroup('The choir', [pn(omar)], community);
    expect(child).toMatchObject({ linkedParent: community, size: 2 });
    const alone = await aGroup('The cooks', lina);
    const list = async () =>
      (await mayaDevice.socket.communityFetchLinkedGroups(community)).linkedGroups.map(({ subject }) => subject);
    expect(await list()).toEqual(['The village', 'General', 'The choir']);
    await mayaDevice.socket.communityLinkGroup(alone, community);
    expect(await list()).toEqual(['The village', 'General', 'The choir', 'The cooks']);
    // Who is in one of its groups is in the community, and hears its announcements.
    const lists = await linaDevice.socket.groupFetchAllParticipating();
    expect(Object.values(lists).filter((group) => group.isCommunity || group.isCommunityAnnounce)).toHaveLength(2);
    await mayaDevice.socket.communityUnlinkGroup(alone, community);
    expect(await list()).toEqual(['The village', 'General', 'The choir']);
    const [removed] = await mayaDevice.socket.communityParticipantsUpdate(community, [pn(omar)], 'remove');
    expect(removed).toMatchObject({ status: '200' });
    await expect(omarDevice.socket.groupMetadata(child?.id ?? '')).rejects.toMatchObject({ data: 403 });
    // Baileys looks for a <community>, which is never sent; `groupMetadata` is what works.
    await expect(mayaDevice.socket.communityMetadata(community)).rejects.toThrow(TypeError);
    await linaDevice.socket.communityLeave(community);
    const rest = await linaDevice.socket.groupFetchAllParticipating();
    expect(Object.values(rest).filter((group) => group.isCommunity || group.isCommunityAnnounce)).toEqual([]);
  });

  it('waits with its news for a device that is away, until it has confirmed them', async () => {
    const id = await aGroup('News', omar);
    await omarDevice.disconnect();
    await mayaDevice.socket.groupUpdateSubject(id, 'Old news');
    await mayaDevice.socket.groupUpdateSubject(id, 'Fresh news');
    const since = omarDevice.log.events.length;
    await omarDevice.connect();
    await omarDevice.log.waitFor('the news', () => (headlines(omarDevice, since).length > 1 ? true : undefined), {
      since,
    });
    expect(headlines(omarDevice, since)).toEqual(['Old news', 'Fresh news']);
    // Baileys keeps the first update of a group that comes while it buffers, and loses the others.
    expect(subjects(omarDevice, since)).toEqual(['Old news']);
    await omarDevice.disconnect();
    const later = omarDevice.log.events.length;
    await omarDevice.connect();
    const renamed = updated(omarDevice, id, 'subject');
    await mayaDevice.socket.groupUpdateSubject(id, 'Last news');
    await renamed;
    expect(headlines(omarDevice, later)).toEqual(['Last news']);
  });

  /** New subjects as the system messages tell them. */
  const headlines = (client: BaileysClient, since: number) =>
    client.log.events
      .slice(since)
      .flatMap((event) => (event.type === 'messages.upsert' ? event.data.messages : []))
      .filter(({ messageStubType }) => messageStubType === WAMessageStubType.GROUP_CHANGE_SUBJECT)
      .flatMap(({ messageStubParameters }) => messageStubParameters ?? []);

  /** New subjects as `groups.update` tells them. */
  const subjects = (client: BaileysClient, since: number) =>
    client.log.events
      .slice(since)
      .flatMap((event) => (event.type === 'groups.update' ? event.data.flatMap(({ subject }) => subject ?? []) : []));

  it('may be asked for too often, and counts what it was asked', async () => {
    const id = await aGroup('Busy');
    const asked = async () => (await harness.control.stats()).iqs['w:g2 get query'] ?? 0;
    const before = await asked();
    await mayaDevice.socket.groupMetadata(id);
    expect(await asked()).toBe(before + 1);
    await harness.control.addFault({ target: maya, kind: 'group-rate-limit', count: 2 });
    await expect(mayaDevice.socket.groupMetadata(id)).rejects.toMatchObject({ message: 'rate-overlimit', data: 429 });
    await expect(mayaDevice.socket.groupFetchAllParticipating()).rejects.toMatchObject({ data: 429 });
    expect(await mayaDevice.socket.groupMetadata(id)).toMatchObject({ subject: 'Busy' });
    await expect(mayaDevice.socket.groupMetadata('120363000000000000@g.us')).rejects.toMatchObject({ data: 404 });
  });

  it('may be changed too often, which is another limit', async () => {
    const id = await aGroup('Busy');
    await harness.control.addFault({ target: maya, kind: 'group-change-rate-limit', count: 1 });
    expect(await mayaDevice.socket.groupMetadata(id)).toMatchObject({ subject: 'Busy' });
    await expect(mayaDevice.socket.groupUpdateSubject(id, 'Quiet')).rejects.toMatchObject({ data: 429 });
    await mayaDevice.socket.groupUpdateSubject(id, 'Quiet');
    expect(await mayaDevice.socket.groupMetadata(id)).toMatchObject({ subject: 'Quiet' });
  });

  it('was asked nothing that it does not know', async () => {
    expect(await harness.control.stats()).toMatchObject({ unknownStanzas: {}, protocolViolations: 0 });
  });
});
