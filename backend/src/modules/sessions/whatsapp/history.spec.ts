import { expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import { historyOf } from './history.ts';

const US = { phone: '+972540000001', lid: '101' };
const GROUP = '120363041234567890@g.us';
type History = Parameters<typeof historyOf>[0];

const read = (...messages: object[]) =>
  historyOf(
    {
      messages,
      chats: [],
      contacts: [],
      lidPnMappings: [{ lid: '202@lid', pn: '972540000002@s.whatsapp.net' }],
    } as unknown as History,
    US,
  );
const said = (key: object, over: object = {}) => ({
  key: { remoteJid: GROUP, id: 'A1', ...key },
  message: { conversation: 'Hello' },
  messageTimestamp: 1_700_000_000,
  ...over,
});

it('a message of a group is of who wrote it, known by both of his addresses', () => {
  expect(read(said({ participant: '202@lid' }))).toEqual([
    expect.objectContaining({ groupJid: GROUP, peer: { phone: '+972540000002', lid: '202' }, fromMe: false }),
  ]);
});

it('what we wrote in a group is ours, whether or not it says who we are', () => {
  expect(read(said({ fromMe: true }))).toEqual([
    expect.objectContaining({ groupJid: GROUP, peer: US, fromMe: true, pushName: null }),
  ]);
});

it('a writer whom only the message itself names is taken from there, and one whom nobody names is left out', () => {
  expect(read(said({}, { participant: '303@lid' }))).toEqual([
    expect.objectContaining({ peer: { phone: null, lid: '303' } }),
  ]);
  expect(read(said({}))).toEqual([]);
});

it('a reaction in a group is of who reacted', () => {
  const by = { remoteJid: GROUP, participant: '303@lid', id: 'R1' };
  const reactions = [{ key: by, text: '👍', senderTimestampMs: 1_700_000_100_000 }];
  const [message, reaction] = read(said({ participant: '202@lid' }, { reactions }));
  expect(message).toMatchObject({ whatsappMessageId: 'A1', peer: { lid: '202' } });
  expect(reaction).toMatchObject({
    type: 'reaction',
    groupJid: GROUP,
    peer: { phone: null, lid: '303' },
    fromMe: false,
    target: { whatsappMessageId: 'A1', direction: 'inbound' },
  });
});

it('between two it stays as it was: the other, whoever wrote', () => {
  const key = { remoteJid: '202@lid', fromMe: true, id: 'B1' };
  const reactions = [
    { key: proto.MessageKey.fromObject({ remoteJid: '202@lid', fromMe: false, id: 'R2' }), text: '👍' },
  ];
  expect(read(said(key, { reactions }))).toEqual([
    expect.objectContaining({ groupJid: null, peer: { phone: '+972540000002', lid: '202' }, fromMe: true }),
    expect.objectContaining({ groupJid: null, peer: { phone: '+972540000002', lid: '202' }, fromMe: false }),
  ]);
});
