import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { until } from '../../../../testing/until.ts';
import { Chat } from '../../testing/chat.ts';
import { ConversationPage } from '../conversations/conversations.dto.ts';
import { MessagePage, MessageVersions } from './messages.dto.ts';

let chat: Chat;
beforeAll(async () => {
  chat = await Chat.start();
}, 60_000);
afterAll(() => chat.close());

const png = () =>
  sharp({ create: { width: 4, height: 3, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();

describe('from the product to a phone', () => {
  it('a reaction, which is taken back', async () => {
    const asked = await chat.phoneSends({ text: 'Thank you' });
    const { id: message_id } = await chat.shown(asked.id);
    await chat.call({ type: 'reaction', message_id, emoji: '❤️' });
    await chat.arrived(asked.id, ({ reactions }) => reactions.length === 1);
    await chat.shown(asked.id, ({ reactions }) => reactions[0]?.mine === true && reactions[0].emoji === '❤️');
    await chat.call({ type: 'reaction', message_id, emoji: '' });
    await chat.arrived(asked.id, ({ reactions }) => reactions.length === 0);
    expect((await chat.shown(asked.id, ({ reactions }) => reactions.length === 0)).type).toBe('text');
  });

  it('an edit and a deletion, shown as done when WhatsApp has them and not before', async () => {
    const { id: message_id, phone } = await chat.sent({ type: 'text', text: 'at nine' });
    await chat.wire.phones.call('POST', '/faults', {
      target: chat.number.phone,
      kind: 'rate-limit',
      code: 429,
      count: 1,
    });
    const edit = await chat.call({ type: 'edit', message_id, text: 'at ten' });
    await until('it to be refused', async () => {
      const { rowCount } = await chat.wire.app.database.admin.query(
        `select from private.outbox where message_id = $1 and attempts = 1 and send_after > '-infinity'`,
        [edit.message_id],
      );
      return rowCount === 1;
    });
    expect(await chat.view(message_id)).toMatchObject({ text: 'at nine', edited_at: null });
    await chat.wire.app.database.admin.query(`update private.outbox set send_after = now() where message_id = $1`, [
      edit.message_id,
    ]);
    await chat.arrived(phone.id, ({ text, editedAt }) => text === 'at ten' && editedAt !== null);
    await chat.shown(phone.id, ({ text }) => text === 'at ten');
    const { items } = MessageVersions.parse(await chat.wire.api.call('GET', `/messages/${message_id}/versions`));
    expect(items.map(({ text }) => text)).toEqual(['at nine', 'at ten']);
    await chat.call({ type: 'delete', message_id });
    await chat.arrived(phone.id, ({ deletedAt }) => deletedAt !== null);
    expect(await chat.shown(phone.id, ({ deleted_at: at }) => at !== null)).toMatchObject({
      text: null,
      content: null,
    });
  });
});

it('a change that WhatsApp refuses for good shows at its message, which is as it was, and is done when it is sent again', async () => {
  const { id: message_id, phone } = await chat.sent({ type: 'text', text: 'at nine' });
  await chat.wire.phones.call('POST', '/faults', {
    target: chat.number.phone,
    kind: 'rate-limit',
    code: 400,
    count: 1,
  });
  const edit = await chat.call({ type: 'edit', message_id, text: 'at ten' });
  const shown = await chat.shown(phone.id, ({ failed_changes: failed }) => failed.length > 0);
  expect(shown).toMatchObject({
    text: 'at nine',
    edited_at: null,
    failed_changes: [
      { id: edit.message_id, type: 'edit', text: 'at ten', error_code: 'rejected_by_whatsapp', retryable: true },
    ],
  });
  await chat.wire.api.call('POST', `/messages/${edit.message_id}/retry`, {});
  await chat.arrived(phone.id, ({ text, editedAt }) => text === 'at ten' && editedAt !== null);
  await chat.shown(phone.id, ({ text, failed_changes: failed }) => text === 'at ten' && failed.length === 0);
});

describe('from a phone to the product', () => {
  it('reactions, edits and deletions; the list of conversations says what is said now', async () => {
    const conversation = async () => {
      const all = ConversationPage.parse(
        await chat.wire.api.call('GET', `/conversations?session_id=${chat.number.session}`),
      );
      return all.items[0];
    };
    const { id } = await chat.phoneSends({ text: 'frist' });
    await chat.shown(id);
    const unread = (await conversation())?.unread_count ?? 0;
    await chat.phoneSends({ reaction: { id, emoji: '😂' } });
    await chat.shown(id, ({ reactions }) => reactions[0]?.emoji === '😂' && !reactions[0].mine);
    await chat.phoneSends({ edit: { id, text: 'first' } });
    await chat.shown(id, ({ text, edited_at: at }) => text === 'first' && at !== null);
    expect(await conversation()).toMatchObject({
      unread_count: unread,
      last_message: { preview: 'first', type: 'text' },
    });
    const { conversation_id } = await chat.shown(id);
    await chat.wire.api.call('POST', `/conversations/${conversation_id}/read`);
    await chat.phoneSends({ delete: { id } });
    await chat.shown(id, ({ deleted_at: at, reactions }) => at !== null && reactions.length === 0);
    expect(await conversation()).toMatchObject({ unread_count: 0, last_message: { preview: null, deleted: true } });
    const { rows } = await chat.wire.app.database.admin.query(
      `select count(*) from messages where payload is not null and type = 'text' and whatsapp_message_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ count: '0' }]);
  });

  it('nothing of it comes twice when everything is delivered twice', async () => {
    const { id } = await chat.phoneSends({ text: 'once more' });
    await chat.wire.phones.call('POST', '/faults', { target: chat.number.phone, kind: 'duplicate', count: 3 });
    await chat.phoneSends({ reaction: { id, emoji: '👍' } });
    await chat.phoneSends({ edit: { id, text: 'once more, please' } });
    const { reactions } = await chat.shown(
      id,
      ({ text, reactions: r }) => text === 'once more, please' && r.length === 1,
    );
    expect(reactions).toEqual([{ emoji: '👍', count: 1, mine: false }]);
    const page = MessagePage.parse(
      await chat.wire.api.call('GET', `/messages?type=edit&session_id=${chat.number.session}`),
    );
    expect(page.items.filter(({ target_whatsapp_message_id: target }) => target === id)).toHaveLength(1);
  });

  it('an edit that comes before its message', async () => {
    await chat.wire.phones.call('POST', '/faults', { target: chat.number.phone, kind: 'reorder', count: 1 });
    const { id } = await chat.phoneSends({ text: 'slow' });
    await chat.phoneSends({ edit: { id, text: 'slow, but here' } });
    expect((await chat.shown(id, ({ text }) => text === 'slow, but here')).edited_at).not.toBeNull();
  });

  it('no edit or deletion of what somebody else wrote', async () => {
    const { phone } = await chat.sent({ type: 'text', text: 'ours' });
    const eve = await chat.wire.phones.createPhone({ name: 'Eve' });
    for (const from of [chat.customer, eve]) {
      await chat.phoneSends({ edit: { id: phone.id, text: 'forged' } }, from);
      await chat.phoneSends({ delete: { id: phone.id } }, from);
    }
    const { id: last } = await chat.phoneSends({ text: 'after' }, eve);
    await chat.shown(last);
    expect(await chat.shown(phone.id)).toMatchObject({ text: 'ours', edited_at: null, deleted_at: null });
  });
});

describe('what is written on our own phone', () => {
  it('is ours: texts, reactions, edits, votes and deletions', async () => {
    const asked = await chat.phoneSends({ poll: { name: 'Come?', options: ['Yes', 'No'] } });
    await chat.shown(asked.id);
    const own = (content: object) => chat.phoneSends(content, chat.number.phone, chat.customer);
    await until('our phone to have it', async () =>
      (await chat.wire.phones.messages(chat.number.phone, chat.customer)).some(({ id }) => id === asked.id),
    );
    await own({ vote: { id: asked.id, options: ['Yes'] } });
    await own({ reaction: { id: asked.id, emoji: '🙏' } });
    await chat.shown(
      asked.id,
      ({ reactions, poll_results: r }) => reactions[0]?.mine === true && r?.[0]?.mine === true,
    );
    const { id } = await own({ text: 'by hand', replyTo: asked.id });
    expect(await chat.shown(id)).toMatchObject({
      direction: 'outbound',
      reply_to: { direction: 'inbound', type: 'poll' },
    });
    await own({ edit: { id, text: 'by hand, twice' } });
    await chat.shown(id, ({ text }) => text === 'by hand, twice');
    await own({ delete: { id } });
    await chat.shown(id, ({ deleted_at: at }) => at !== null);
  });
});

describe('what cannot be done', () => {
  it('is refused by name', async () => {
    const theirs = await chat.shown((await chat.phoneSends({ text: 'theirs' })).id);
    const { id: ours } = await chat.sent({ type: 'text', text: 'ours' });
    const { id: poll } = await chat.sent({ type: 'poll', name: 'Which?', options: ['A', 'B'] });
    const elsewhere = await chat.wire.phones.createPhone();
    expect(await chat.refusal({ type: 'edit', message_id: theirs.id, text: 'x' })).toBe('message_not_yours');
    expect(await chat.refusal({ type: 'delete', message_id: theirs.id })).toBe('message_not_yours');
    expect(await chat.refusal({ type: 'edit', message_id: poll, text: 'x' })).toBe('message_not_editable');
    expect(await chat.refusal({ type: 'forward', message_id: poll })).toBe('message_not_forwardable');
    expect(await chat.refusal({ type: 'text', text: 'x', reply_to: ours, to: `+${elsewhere}` })).toBe(
      'reply_elsewhere',
    );
    const nobody = '01900000-0000-7000-8000-000000000000';
    for (const body of [{ type: 'reaction', emoji: '👍' }, { type: 'forward' }, { type: 'delete' }])
      expect(await chat.refusal({ ...body, message_id: nobody })).toBe('message_not_found');
    for (const emoji of ['ab', '👍👍', 'x'])
      expect(await chat.refusal({ type: 'reaction', message_id: ours, emoji })).toBe('request_invalid');
    const picked = await chat.upload(await png(), 'x.png');
    expect(await chat.refusal({ type: 'voice', media_id: picked })).toBe('media_type_mismatch');
    const aged = (minutes: number) =>
      chat.wire.app.database.admin.query(`update messages set sent_at = now() - $2 * interval '1 min' where id = $1`, [
        ours,
        minutes,
      ]);
    await aged(16);
    expect(await chat.refusal({ type: 'edit', message_id: ours, text: 'x' })).toBe('message_too_old');
    await aged(60 * 60 + 1);
    expect(await chat.refusal({ type: 'delete', message_id: ours })).toBe('message_too_old');
    await aged(1);
    await chat.call({ type: 'delete', message_id: ours });
    await until('it to be deleted', async () => (await chat.view(ours)).deleted_at !== null);
    expect(await chat.refusal({ type: 'reaction', message_id: ours, emoji: '👍' })).toBe('message_deleted');
    const { message_id: waiting } = await chat.send({
      type: 'text',
      text: 'later',
      scheduled_at: '2026-12-01T00:00:00Z',
    });
    expect(await chat.refusal({ type: 'reaction', message_id: waiting, emoji: '👍' })).toBe('message_not_sent');
  });
});

it('what was accepted leaves although its node is gone', async () => {
  const { id: message_id, phone } = await chat.sent({ type: 'text', text: 'before' });
  await chat.wire.api.call('POST', `/sessions/${chat.number.session}/disconnect`, {});
  await until('it to rest', async () => (await chat.wire.api.session(chat.number.session)).state === 'disconnected');
  const reply = await chat.send({ type: 'text', text: 'a reply', reply_to: message_id });
  const poll = await chat.send({ type: 'poll', name: 'Still there?', options: ['Yes', 'No'] });
  await chat.call({ type: 'edit', message_id, text: 'after' });
  const other = await chat.wire.app.anotherNode();
  await chat.wire.app.app.close();
  chat.wire.api.url = other.url;
  expect((await chat.view(message_id)).text).toBe('before');
  await chat.wire.api.call('POST', `/sessions/${chat.number.session}/connect`, {});
  await chat.wire.connected(chat.number.session);
  expect((await chat.arrived(reply.whatsapp_message_id)).details).toMatchObject({
    replyTo: { id: phone.id, text: 'before' },
  });
  await chat.arrived(phone.id, ({ text }) => text === 'after');
  await until('it to be told', async () => (await chat.view(message_id)).text === 'after');
  await chat.phoneSends({ vote: { id: poll.whatsapp_message_id, options: ['Yes'] } });
  await chat.shown(poll.whatsapp_message_id, ({ poll_results: r }) => r?.[0]?.votes === 1);
}, 90_000);
