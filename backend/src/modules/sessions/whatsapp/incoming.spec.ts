import { describe, expect, it } from '@jest/globals';
import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { toIncomingMessage } from './incoming.ts';

const WE = '972500000001@s.whatsapp.net';
const US = { phone: '+972500000001', lid: null };
const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from([1])]);

/** As our phone tells this device of what it wrote. */
function written(recipient: string) {
  const stanza: BinaryNode = { tag: 'message', attrs: { id: 'A1', from: WE, recipient, t: '1700000000' } };
  const message = { deviceSentMessage: { destinationJid: recipient, message: { conversation: 'hello' } } };
  return { stanza, plaintext: padded(proto.Message.encode(message).finish()) };
}

describe('what we wrote on the phone', () => {
  it('to a person is of the conversation with him', () => {
    expect(toIncomingMessage('in', written('972500000002@s.whatsapp.net'), US)).toMatchObject({
      peer: { phone: '+972500000002', lid: null },
      fromMe: true,
      text: 'hello',
    });
  });

  it.each(['867051314767696@bot', '1700000000@broadcast', '120363000000000000@newsletter'])(
    'to %s, who is nobody, is of no conversation',
    (recipient) => {
      expect(toIncomingMessage('in', written(recipient), US)).toBeNull();
    },
  );
});
