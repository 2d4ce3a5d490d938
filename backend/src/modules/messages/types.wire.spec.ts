import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import sharp from 'sharp';
import { Chat } from '../../testing/chat.ts';
import { FILE_TYPES } from '../media/media.dto.ts';

let chat: Chat;
let site: Server;
let address = '';

beforeAll(async () => {
  site = createServer((request, response) => {
    if (request.url === '/picture.png')
      return void picture('png').then((bytes) => response.writeHead(200, { 'content-type': 'image/png' }).end(bytes));
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    return response.end(
      '<html><head><title>other</title><meta property="og:title" content="Fish &amp; Chips"><meta property="og:description" content="Open"><meta property="og:image" content="/picture.png"></head></html>',
    );
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/menu`;
  chat = await Chat.start({ settings: { OUTGOING_ALLOWED_NETWORKS: '127.0.0.1/32' } });
}, 60_000);
afterAll(async () => {
  await chat.close();
  site.close();
});

const picture = (format: 'png' | 'webp' | 'jpeg', width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .toFormat(format)
    .toBuffer();
/** As much of them as tells what they are. */
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\x02\0isomiso2'), Buffer.alloc(200)]);
const OPUS = Buffer.concat([
  Buffer.from('OggS\0\x02'),
  Buffer.alloc(20),
  Buffer.from('\x01\x13OpusHead\x01\x01'),
  Buffer.alloc(200),
]);
const MP3 = Buffer.concat([
  Buffer.from('ID3\x03\0\0\0\0\0\0'),
  Buffer.from([0xff, 0xfb, 0x90, 0x64]),
  Buffer.alloc(413),
]);

describe('from the product to a phone', () => {
  it('a text, with its formatting, whom it names and what it answers', async () => {
    const asked = await chat.phoneSends({ text: 'Are you open?' });
    const { id: question } = await chat.shown(asked.id);
    const text = `*yes*, @${chat.number.phone}`;
    const { id, phone } = await chat.sent({
      type: 'text',
      text,
      mentions: [`+${chat.number.phone}`],
      reply_to: question,
    });
    expect(phone).toMatchObject({
      kind: 'text',
      text,
      details: {
        replyTo: { id: asked.id, text: 'Are you open?' },
        mentions: [`${chat.number.phone}@s.whatsapp.net`],
      },
    });
    expect(await chat.view(id)).toMatchObject({
      reply_to: { message_id: question, direction: 'inbound', type: 'text', text: 'Are you open?' },
      content: { mentions: [{ phone_number: `+${chat.number.phone}` }] },
    });
  });

  it('the preview of a link, where it is asked for', async () => {
    const { id, phone } = await chat.sent({ type: 'text', text: `Look: ${address}.`, link_preview: true });
    expect(phone.details).toMatchObject({
      preview: { url: address, title: 'Fish & Chips', description: 'Open', hasPicture: true },
    });
    expect((await chat.view(id)).content).toEqual({
      link_preview: { url: address, title: 'Fish & Chips', description: 'Open' },
    });
    expect((await chat.sent({ type: 'text', text: address })).phone.details).toEqual({});
    const away = 'http://10.0.0.1/secret';
    expect((await chat.sent({ type: 'text', text: away, link_preview: true })).phone).toMatchObject({
      text: away,
      details: {},
    });
  });

  it.each([
    ['image', () => picture('jpeg'), { caption: 'A picture' }],
    ['video', () => MP4, { caption: 'A film' }],
    ['gif', () => MP4, {}],
    ['audio', () => MP3, {}],
    ['voice', () => OPUS, {}],
    ['document', () => Buffer.from('a,b'), { caption: 'A list' }],
    ['sticker', () => picture('webp', 512, 512), {}],
  ] as const)('a file as %s', async (type, bytes, more: { caption?: string }) => {
    const content = await bytes();
    const { id, phone } = await chat.sent({ type, media_id: await chat.upload(content, `file.${type}`), ...more });
    expect(phone).toMatchObject({ kind: type, text: more.caption ?? '' });
    expect(await chat.fileOnPhone(phone.id)).toEqual(content);
    expect(await chat.view(id)).toMatchObject({ type, text: more.caption ?? null, media_state: 'stored' });
  });

  it('what can be looked at once', async () => {
    const media_id = await chat.upload(await picture('png'), 'once.png');
    const { phone } = await chat.sent({ type: 'image', media_id, view_once: true });
    expect(phone).toMatchObject({ kind: 'image', details: { viewOnce: true } });
  });

  it('a place, cards, a poll', async () => {
    const place = await chat.sent({
      type: 'location',
      latitude: 32.08,
      longitude: 34.78,
      name: 'Shop',
      address: 'Main 1',
    });
    expect(place.phone.details).toMatchObject({ location: { latitude: 32.08, longitude: 34.78, name: 'Shop' } });
    const card = { name: 'Maya; Levi', phones: ['+972501234567'], email: 'maya@example.com' };
    const one = await chat.sent({ type: 'contact', contacts: [card] });
    expect(one.phone).toMatchObject({ kind: 'contact', text: card.name });
    expect(one.phone.details).toMatchObject({
      contacts: [{ vcard: expect.stringContaining(String.raw`FN:Maya\; Levi`) }],
    });
    const two = await chat.sent({ type: 'contact', contacts: [card, { ...card, name: 'Omar' }] });
    expect(two.phone.details).toMatchObject({ contacts: [{ name: card.name }, { name: 'Omar' }] });
    const poll = await chat.sent({ type: 'poll', name: 'When?', options: ['Now', 'Later'], selectable_count: 2 });
    expect(poll.phone.details).toMatchObject({ poll: { options: ['Now', 'Later'], selectableCount: 2 } });
  });

  it('what is passed on, and says so when it was somebody else’s', async () => {
    const content = await picture('jpeg');
    const got = await chat.phoneSends({
      media: { kind: 'image', base64: content.toString('base64'), caption: 'Look' },
    });
    const { id: message_id } = await chat.shown(got.id, ({ media_state: state }) => state === 'stored');
    const { phone } = await chat.sent({ type: 'forward', message_id });
    expect(phone).toMatchObject({ kind: 'image', text: 'Look', details: { forwards: 1 } });
    expect(await chat.fileOnPhone(phone.id)).toEqual(content);
  });
});

describe('from a phone to the product', () => {
  it('replies, mentions and what was passed on', async () => {
    const { id, phone } = await chat.sent({ type: 'text', text: 'Which size?' });
    const reply = await chat.phoneSends({ text: 'Large', replyTo: phone.id, mentions: [chat.number.phone] });
    const got = await chat.shown(reply.id);
    expect(got).toMatchObject({
      text: 'Large',
      reply_to: { message_id: id, direction: 'outbound', type: 'text', text: 'Which size?' },
    });
    expect(got.content?.mentions).toHaveLength(1);
    const own = await chat.phoneSends({ text: 'and blue', replyTo: reply.id });
    expect((await chat.shown(own.id)).reply_to).toMatchObject({ message_id: got.id, direction: 'inbound' });
    const forward = await chat.phoneSends({ forward: { id: phone.id } });
    expect(await chat.shown(forward.id)).toMatchObject({ text: 'Which size?', content: { forwards: 1 } });
  });

  it.each(FILE_TYPES)('a file as %s', async (kind) => {
    const base64 = (await picture('png')).toString('base64');
    const { id } = await chat.phoneSends({ media: { kind, base64 } });
    expect(await chat.shown(id, ({ media }) => media !== null)).toMatchObject({ type: kind });
  });

  it('what can be looked at once, with its file where it comes, and in words where it does not', async () => {
    const base64 = (await picture('png')).toString('base64');
    const whole = await chat.phoneSends({ media: { kind: 'image', base64 }, viewOnce: true });
    expect(await chat.shown(whole.id, ({ media }) => media !== null)).toMatchObject({ content: { view_once: true } });
    const empty = { viewOnceMessageV2: { message: { imageMessage: { viewOnce: true, caption: 'once' } } } };
    const { id } = await chat.phoneSends({ raw: encoded(empty) });
    expect(await chat.shown(id)).toMatchObject({ type: 'image', media_state: 'none', content: { view_once: true } });
  });

  const encoded = (message: proto.IMessage) => Buffer.from(proto.Message.encode(message).finish()).toString('base64');

  it.each([
    [
      'a place',
      { location: { latitude: 1.5, longitude: -2.5, name: 'Pier' } },
      {
        type: 'location',
        text: 'Pier',
        content: { location: { latitude: 1.5, longitude: -2.5, name: 'Pier', live: false } },
      },
    ],
    [
      'where somebody is now',
      { location: { latitude: 1.5, longitude: -2.5, live: true } },
      { type: 'location', content: { location: { live: true } } },
    ],
    [
      'a card',
      { contacts: [{ name: 'Noa', phone: '+12025550123' }] },
      { type: 'contact', text: 'Noa', content: { contacts: [{ name: 'Noa', phones: ['+12025550123'] }] } },
    ],
    [
      'several cards',
      {
        contacts: [
          { name: 'Noa', phone: '+12025550123' },
          { name: 'Omar', phone: '+12025550124' },
        ],
      },
      { type: 'contact', text: 'Noa, Omar' },
    ],
    ['a text that disappears', { text: 'psst', disappearing: true }, { type: 'text', text: 'psst' }],
    [
      'a round video',
      { raw: () => encoded({ ptvMessage: { seconds: 3 } }) },
      { type: 'video', content: { video_note: true, duration_seconds: 3 }, media_state: 'none' },
    ],
    [
      'what nobody knows yet',
      { raw: () => encoded({ eventMessage: { name: 'x' } }) },
      { type: 'unsupported', text: null },
    ],
  ])('%s', async (_, content: object, expected) => {
    const raw = 'raw' in content ? { raw: (content.raw as () => string)() } : content;
    const { id } = await chat.phoneSends(raw);
    expect(await chat.shown(id)).toMatchObject(expected);
  });

  it.each([1, 2, 3])('a poll of version %i, on which its author votes', async (version) => {
    const poll = { name: 'When?', options: ['Now', 'Later'], selectableCount: 1, version };
    const { id } = await chat.phoneSends({ poll });
    expect(await chat.shown(id)).toMatchObject({
      type: 'poll',
      text: 'When?',
      content: { poll: { options: ['Now', 'Later'], selectable_count: 1 } },
    });
    await chat.phoneSends({ vote: { id, options: ['Later'] } });
    const counted = await chat.shown(id, ({ poll_results: results }) => results?.[1]?.votes === 1);
    expect(counted.poll_results).toEqual([
      { option: 'Now', votes: 0, mine: false },
      { option: 'Later', votes: 1, mine: false },
    ]);
  });

  it('votes on our poll, changed and taken back', async () => {
    const { phone } = await chat.sent({ type: 'poll', name: 'Which?', options: ['A', 'B', 'C'], selectable_count: 0 });
    const counts = async (votes: number[]) =>
      chat.shown(phone.id, ({ poll_results: r }) => r?.map((one) => one.votes).join() === votes.join());
    await chat.phoneSends({ vote: { id: phone.id, options: ['A', 'C'] } });
    await counts([1, 0, 1]);
    await chat.phoneSends({ vote: { id: phone.id, options: ['B'] } });
    await counts([0, 1, 0]);
    await chat.phoneSends({ vote: { id: phone.id, options: [] } });
    expect((await counts([0, 0, 0])).poll_results).toHaveLength(3);
  });
});
