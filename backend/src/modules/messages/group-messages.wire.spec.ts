import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { inOrder } from '../../../../testing/in-order.ts';
import { until } from '../../../../testing/until.ts';
import { Chat, type OnPhone } from '../../testing/chat.ts';
import { ConversationPage } from '../conversations/conversations.dto.ts';
import type { GroupPage } from '../groups/groups.dto.ts';
import type { MessageView } from './messages.dto.ts';

type InGroup = OnPhone & { from: string; status: string; receipts: { phone: string; readAt: string | null }[] };

let chat: Chat;
let [noa, omar] = ['', ''];
let jid: string;

beforeAll(async () => {
  chat = await Chat.start();
  const { phones } = chat.wire;
  [noa, omar] = await Promise.all([phones.createPhone({ name: 'Noa' }), phones.createPhone({ name: 'Omar' })]);
  jid = await make('Neighbours', [chat.number.phone, omar]);
}, 90_000);
afterAll(() => chat.close());

const call = <T>(method: string, path: string, body?: object) => chat.wire.phones.call<T>(method, path, body);
async function make(subject: string, participants: string[], over: object = {}): Promise<string> {
  const { id } = await call<{ id: string }>('POST', '/groups', { owner: noa, subject, participants, ...over });
  await until(`${subject} to be known`, async () => {
    const { items } = (await chat.wire.api.call('GET', '/groups?limit=100')) as GroupPage;
    return items.find((one) => one.jid === id);
  });
  return id;
}
const writes = (phone: string, content: object, to = jid) =>
  call<OnPhone>('POST', `/phones/${phone}/messages`, { to, ...content });
const onPhone = (phone: string, id: string, what: (message: InGroup) => boolean = () => true, group = jid) =>
  until(`${id} on the phone of ${phone}`, async () =>
    (await call<InGroup[]>('GET', `/phones/${phone}/messages?with=${group}`)).find((one) => one.id === id && what(one)),
  );
const toGroup = (body: object, to = jid) => chat.call({ session_id: chat.number.session, to, ...body });
const sent = async (body: object, to = jid) => {
  const { message_id: id, whatsapp_message_id: whatsappId } = await toGroup(body, to);
  const phone = await onPhone(noa, whatsappId, () => true, to);
  await view(id, ({ status }) => !['queued', 'sending'].includes(status));
  return { id, phone };
};
const view = (id: string, what: (message: MessageView) => boolean) =>
  until(`${id} to be so`, async () => {
    const message = await chat.view(id);
    return what(message) ? message : undefined;
  });
const conversations = async () => ConversationPage.parse(await chat.wire.api.call('GET', '/conversations')).items;

describe('what is written in a group', () => {
  it('is a conversation of the group, and each message says who wrote it', async () => {
    const first = await writes(noa, { text: 'Who has a ladder?' });
    const second = await writes(omar, { text: 'I have one' });
    expect(await chat.shown(first.id)).toMatchObject({
      direction: 'inbound',
      text: 'Who has a ladder?',
      sender: { name: 'Noa', phone_number: `+${noa}` },
      reach: null,
    });
    const message = await chat.shown(second.id);
    expect(message.sender).toMatchObject({ name: 'Omar', phone_number: `+${omar}` });
    const [conversation] = await conversations();
    expect(conversation).toMatchObject({
      id: message.conversation_id,
      contact: null,
      group: { jid, subject: 'Neighbours', size: 3 },
      unread_count: 2,
      last_message: { preview: 'I have one', sender: 'Omar' },
    });
  });

  it('makes nobody a contact', async () => {
    expect(await chat.wire.api.call('GET', '/contacts')).toMatchObject({ items: [] });
  });

  it('reads as read on the phone of whoever wrote it', async () => {
    const { id } = await writes(noa, { text: 'Read this' });
    const { conversation_id: conversation } = await chat.shown(id);
    await chat.wire.api.call('POST', `/conversations/${conversation}/read`, {});
    const isRead = ({ receipts }: InGroup) =>
      receipts.some(({ phone, readAt }) => phone === chat.number.phone && readAt !== null);
    expect(await onPhone(noa, id, isRead)).toMatchObject({ text: 'Read this' });
  });

  it('is answered, reacted to, changed and voted on by each of them', async () => {
    const { phone: ours } = await sent({ type: 'text', text: 'At nine?' });
    const answer = await writes(omar, { text: 'Yes', replyTo: ours.id });
    expect((await chat.shown(answer.id)).reply_to).toMatchObject({ direction: 'outbound', text: 'At nine?' });
    for (const [who, emoji] of [
      [noa, '👍'],
      [omar, '👍'],
      [omar, '❤️'],
    ] as const)
      await writes(who, { reaction: { id: ours.id, emoji } });
    const { reactions } = await chat.shown(ours.id, (one) => one.reactions.length === 2);
    expect(inOrder(reactions.map(({ emoji, count }) => `${emoji} ${count}`))).toEqual(inOrder(['👍 1', '❤️ 1']));
    await writes(omar, { edit: { id: answer.id, text: 'Yes, at nine' } });
    await chat.shown(answer.id, ({ text }) => text === 'Yes, at nine');
    const { id: poll, phone: onNoas } = await sent({ type: 'poll', name: 'When?', options: ['Mon', 'Tue'] });
    await onPhone(omar, onNoas.id);
    await writes(omar, { vote: { id: onNoas.id, options: ['Tue'] } });
    await writes(noa, { vote: { id: onNoas.id, options: ['Tue'] } });
    await view(poll, ({ poll_results: results }) => results?.[1]?.votes === 2);
    await writes(omar, { delete: { id: answer.id } });
    await chat.shown(answer.id, ({ deleted_at: at }) => at !== null);
  });

  it('nobody edits or deletes what another wrote, but an admin deletes it', async () => {
    const { id } = await writes(noa, { text: 'Mine' });
    const message = await chat.shown(id);
    const stranger = { protocolMessage: { key: { remoteJid: jid, fromMe: true, id }, type: 0 } };
    await writes(omar, { raw: await encoded(stranger) });
    const { id: last } = await writes(omar, { text: 'after it' });
    await chat.shown(last);
    expect((await chat.view(message.id)).deleted_at).toBeNull();
    const admin = {
      protocolMessage: {
        key: { remoteJid: jid, fromMe: false, id: last, participant: `${omar}@s.whatsapp.net` },
        type: 0,
      },
    };
    await writes(noa, { raw: await encoded(admin) });
    await chat.shown(last, ({ deleted_at: at }) => at !== null);
  });
});

async function encoded(message: object): Promise<string> {
  const { proto } = await import('@whiskeysockets/baileys');
  return Buffer.from(proto.Message.encode(proto.Message.fromObject(message)).finish()).toString('base64');
}

describe('what we write in a group', () => {
  it('is as far as it is with the last of its people, and says how far it is with all', async () => {
    const { id, phone } = await sent({ type: 'text', text: 'The ladder is back' });
    await onPhone(omar, phone.id);
    expect((await view(id, ({ status }) => status === 'delivered')).reach).toEqual({
      recipients: 2,
      delivered: 2,
      read: 0,
      played: 0,
    });
    await call('POST', `/phones/${noa}/read`, { with: jid });
    const half = await view(id, ({ reach }) => reach?.read === 1);
    expect(half).toMatchObject({ status: 'delivered', read_at: null });
    await call('POST', `/phones/${omar}/read`, { with: jid });
    expect(await view(id, ({ status }) => status === 'read')).toMatchObject({
      reach: { recipients: 2, delivered: 2, read: 2, played: 0 },
    });
  });

  it('quotes, reacts and changes, and they see it', async () => {
    const asked = await writes(omar, { text: 'Where is it?' });
    const { id: message_id } = await chat.shown(asked.id);
    const { phone: answer } = await sent({ type: 'text', text: 'In the cellar', reply_to: message_id });
    expect((await onPhone(omar, answer.id)).details).toMatchObject({ replyTo: { id: asked.id } });
    await chat.call({ type: 'reaction', message_id, emoji: '👍' });
    await onPhone(noa, asked.id, ({ reactions }) => reactions.some(({ emoji }) => emoji === '👍'));
    const { id, phone } = await sent({ type: 'text', text: 'at nine' });
    await chat.call({ type: 'edit', message_id: id, text: 'at ten' });
    await onPhone(omar, phone.id, ({ text }) => text === 'at ten');
    await chat.call({ type: 'delete', message_id: id });
    await onPhone(omar, phone.id, ({ deletedAt }) => deletedAt !== null);
  });

  it('is a file as well as a text, and so is what comes', async () => {
    const picture = await sharp({ create: { width: 4, height: 3, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    const media_id = await chat.upload(picture, 'ladder.png');
    const { phone } = await sent({ type: 'image', media_id, caption: 'This one' });
    expect(phone).toMatchObject({ kind: 'image', text: 'This one' });
    const { id } = await writes(omar, {
      media: { kind: 'image', base64: picture.toString('base64'), caption: 'Or this' },
    });
    const shown = await chat.shown(id, ({ media_state: state }) => state === 'stored');
    expect(shown).toMatchObject({ type: 'image', text: 'Or this', sender: { name: 'Omar' } });
  });

  it('mentions everybody, hidden or shown', async () => {
    const { phone: hidden } = await sent({ type: 'text', text: 'Come all', mention_all: 'hidden' });
    expect(hidden.text).toBe('Come all');
    expect(hidden.details['mentions']).toHaveLength(2);
    const { phone: shown } = await sent({ type: 'text', text: 'Come', mention_all: 'shown' });
    expect(shown.text).toMatch(/^Come\n@\d+ @\d+$/);
    expect(await chat.refusal({ type: 'text', text: 'You', mention_all: 'hidden' })).toBe('mention_all_needs_group');
  });

  it('asks WhatsApp for nothing about the group', async () => {
    const iqs = async () => (await call<{ iqs: Record<string, number> }>('GET', '/stats')).iqs;
    const before = await iqs();
    await sent({ type: 'text', text: 'once more' });
    const more = Object.entries(await iqs()).filter(([kind, n]) => kind.startsWith('w:g2') && n !== before[kind]);
    expect(more).toEqual([]);
  });

  it('is refused with a reason where it could not be written', async () => {
    const refusal = (to: string) => chat.refusal({ type: 'text', text: 'x', to });
    expect(await refusal('120363049999999999@g.us')).toBe('group_not_found');
    expect(await refusal('12@s.whatsapp.net')).toBe('request_invalid');
    const closed = await make('Announcements', [chat.number.phone], { announcement: true });
    expect(await refusal(closed)).toBe('group_admin_required');
    const left = await make('Left', [chat.number.phone, omar]);
    await call('POST', `/groups/${left}/participants`, { by: noa, action: 'remove', phones: [chat.number.phone] });
    await until('it to be out', async () => (await refusal(left)) === 'not_in_group');
    expect(await refusal(await make('Town', [chat.number.phone], { community: true }))).toBe('group_is_community');
  });

  it('is not for those who have left: the key that it is encrypted with is another then', async () => {
    const group = await make('Keys', [chat.number.phone, omar]);
    await sent({ type: 'text', text: 'with Omar' }, group);
    const holders = async () => {
      const { rowCount } = await chat.wire.app.database.admin.query(
        `select from private.session_keys where session_id = $1 and type = 'sender-key-memory' and id = $2`,
        [chat.number.session, group],
      );
      return rowCount;
    };
    const senderKey = async () => {
      const { rows } = await chat.wire.app.database.admin.query<{ row: string }>(
        `select k::text as row from private.session_keys k where session_id = $1 and type = 'sender-key' and id like $2 || '%'`,
        [chat.number.session, group],
      );
      return rows.map(({ row }) => row);
    };
    await until('the key to be with them', async () => (await holders()) === 1);
    expect(await senderKey()).toHaveLength(1);
    await call('POST', `/groups/${group}/participants`, { by: noa, action: 'remove', phones: [omar] });
    await until('the key to be forgotten', async () => (await holders()) === 0);
    expect(await senderKey()).toEqual([]);
    await sent({ type: 'text', text: 'without Omar' }, group);
    await until('the new key to be with them', async () => (await holders()) === 1);
  });

  it('waits for its time as any other does', async () => {
    const { message_id: id } = await toGroup({
      type: 'text',
      text: 'later',
      scheduled_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(await chat.view(id)).toMatchObject({ status: 'pending', waiting_for: 'scheduled', reach: null });
    await chat.wire.api.call('POST', `/messages/${id}/cancel`, {});
  });
});

it('two numbers in one group have a conversation each', async () => {
  const other = await chat.wire.link('Second shop');
  const group = await make('Both', [chat.number.phone, other.phone]);
  const { id } = await writes(noa, { text: 'Hello both' }, group);
  await chat.shown(id);
  await until('the other to have it', async () =>
    (await chat.wire.api.messages(other.session)).find((one) => one.whatsapp_message_id === id),
  );
  const { phone } = await sent({ type: 'text', text: 'from the first' }, group);
  const heard = await until('the other to hear the first', async () =>
    (await chat.wire.api.messages(other.session)).find((one) => one.whatsapp_message_id === phone.id),
  );
  expect(heard).toMatchObject({ direction: 'inbound', sender: { phone_number: `+${chat.number.phone}` } });
  const both = (await conversations()).filter(({ group: of }) => of?.jid === group);
  expect(inOrder(both.map(({ session_id: session }) => session))).toEqual(
    inOrder([chat.number.session, other.session]),
  );
}, 90_000);

it('what is written on the phone shows here, too', async () => {
  const { id } = await writes(chat.number.phone, { text: 'From my pocket' });
  expect(await chat.shown(id)).toMatchObject({ direction: 'outbound', sender: null, text: 'From my pocket' });
  await chat.shown(id, ({ reach }) => reach?.delivered === 2);
});
