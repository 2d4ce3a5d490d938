import { describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import { toContent } from './content.ts';

const MAYA = { fromMe: false, peer: { phone: '+12025550101', lid: '100' } };
/** As it comes off the wire. */
const read = (message: proto.IMessage, by = MAYA) =>
  toContent(proto.Message.decode(proto.Message.encode(message).finish()), by);

describe('what a message says', () => {
  it.each<[string, proto.IMessage]>([
    ['a setting of the chat', { protocolMessage: { type: proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING } }],
    ['a pin', { pinInChatMessage: { key: { id: 'A' } } }],
    ['a message that is kept', { keepInChatMessage: { key: { id: 'A' } } }],
    ['the head of an album', { albumMessage: { expectedImageCount: 2 } }],
    ['a sender key', { senderKeyDistributionMessage: { groupId: 'g' } }],
    ['a deletion of nothing', { protocolMessage: { type: proto.Message.ProtocolMessage.Type.REVOKE } }],
  ])('is nothing: %s', (_, message) => {
    expect(read(message)).toBeNull();
  });

  it.each<[string, proto.IMessage, object]>([
    [
      'a place that is none',
      { locationMessage: { degreesLatitude: Number.NaN } },
      { type: 'unsupported', content: null },
    ],
    ['a place off the globe', { locationMessage: { degreesLatitude: 1e9 } }, { type: 'unsupported' }],
    ['a reaction to nothing', { reactionMessage: { text: 'x' } }, { type: 'unsupported' }],
    [
      'a poll without options',
      { pollCreationMessage: { name: 'x' } },
      { type: 'poll', content: { poll: { options: [] } } },
    ],
  ])('is taken as it is: %s', (_, message, expected) => {
    expect(read(message)).toMatchObject(expected);
  });

  it('is found in envelopes of every kind, six deep', () => {
    let message: proto.IMessage = { imageMessage: { caption: 'deep' } };
    for (const name of ['documentWithCaptionMessage', 'viewOnceMessageV2', 'groupMentionedMessage', 'ephemeralMessage'])
      message = { [name]: { message } };
    expect(read(message)).toMatchObject({ type: 'image', text: 'deep', content: { view_once: true } });
  });

  it('keeps what a card says, without its pictures and what Postgres does not keep', () => {
    const vcard =
      'BEGIN:VCARD\r\nFN:Eve\0\uD800\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nitem1.TEL;type=CELL:+1 202\r\n 555\r\nEND:VCARD';
    const { content } = read({ contactMessage: { displayName: 'Eve\0\uD800', vcard } }) ?? {};
    expect(content?.contacts).toEqual([
      { name: expect.stringMatching(/^Eve\uFFFD/), phones: ['+1 202555'], vcard: expect.not.stringContaining('AAAA') },
    ]);
    expect(JSON.stringify(content)).not.toMatch(/\\u(0000|d8)/i);
  });

  it('names whose message it is about from our side', () => {
    const reaction = (fromMe: boolean) => ({ reactionMessage: { key: { id: 'A', fromMe }, text: '👍' } });
    expect(read(reaction(false))?.target).toEqual({ whatsappMessageId: 'A', direction: 'outbound' });
    expect(read(reaction(true))?.target).toEqual({ whatsappMessageId: 'A', direction: 'inbound' });
    const ours = { ...MAYA, fromMe: true };
    expect(read(reaction(true), ours)?.target?.direction).toBe('outbound');
    expect(read(reaction(false), ours)?.target?.direction).toBe('inbound');
  });

  it('believes nobody that he wrote what somebody else did', () => {
    const { MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
    for (const fromMe of [true, false])
      expect(
        read({
          protocolMessage: { key: { id: 'A', fromMe }, type: MESSAGE_EDIT, editedMessage: { conversation: 'x' } },
        })?.target,
      ).toEqual({ whatsappMessageId: 'A', direction: 'inbound' });
  });
});
