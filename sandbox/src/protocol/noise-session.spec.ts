import { describe, expect, it } from '@jest/globals';
import { Curve, makeNoiseHandler, NOISE_WA_HEADER, proto } from '@whiskeysockets/baileys';
import pino from 'pino';
import { decodeNode, encodeNode, node, ProtocolViolation } from './node.ts';
import { createNoisePki } from './noise-pki.ts';
import { NoiseSession } from './noise-session.ts';
import { verify } from './signatures.ts';

function session() {
  const written: Buffer[] = [];
  const frames: Buffer[] = [];
  const pki = createNoisePki();
  const handlers = {
    write: (bytes: Buffer) => void written.push(bytes),
    onHandshake: () => undefined,
    onFrame: (plain: Buffer) => void frames.push(plain),
  };
  return { pki, written, frames, noise: new NoiseSession(pki, handlers) };
}

function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  return Buffer.concat([length, body]);
}

function hello(ephemeral: Uint8Array): Buffer {
  return frame(proto.HandshakeMessage.encode({ clientHello: { ephemeral } }).finish());
}

describe('the Noise session of the server', () => {
  it('answers a hello after routing info, byte by byte, with a chain that the root has signed', () => {
    const { noise, written, pki } = session();
    const routing = Buffer.from('edge');
    const intro = Buffer.concat([
      Buffer.from('ED'),
      Buffer.from([0, 1, 0, 0, routing.length]),
      routing,
      NOISE_WA_HEADER,
    ]);
    const { public: ephemeral } = Curve.generateKeyPair();
    for (const byte of Buffer.concat([intro, hello(ephemeral)])) noise.feed(Buffer.from([byte]));
    expect(written).toHaveLength(1);
    const { serverHello } = proto.HandshakeMessage.decode((written[0] ?? Buffer.alloc(3)).subarray(3));
    expect(serverHello?.ephemeral).toHaveLength(32);
    const { intermediate } = proto.CertChain.decode(pki.chain);
    expect(
      verify(pki.rootPublicKey, intermediate?.details ?? Buffer.alloc(0), intermediate?.signature ?? Buffer.alloc(0)),
    ).toBe(true);
    expect(
      verify(
        createNoisePki().rootPublicKey,
        intermediate?.details ?? Buffer.alloc(0),
        intermediate?.signature ?? Buffer.alloc(0),
      ),
    ).toBe(false);
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1')],
    ['too long a handshake', Buffer.concat([NOISE_WA_HEADER, Buffer.from([1, 0, 1])])],
    ['too long routing info', Buffer.from([0x45, 0x44, 0, 1, 0xff, 0xff, 0xff])],
    ['a malformed hello', Buffer.concat([NOISE_WA_HEADER, frame(Buffer.from([0xff]))])],
    ['a key of the wrong length', Buffer.concat([NOISE_WA_HEADER, hello(Buffer.alloc(31))])],
  ])('refuses %s', (_what, bytes) => {
    expect(() => session().noise.feed(bytes)).toThrow(ProtocolViolation);
  });

  it('refuses a frame that was changed on its way', () => {
    const { noise, written, frames } = session();
    const keys = Curve.generateKeyPair();
    const client = makeNoiseHandler({
      keyPair: keys,
      NOISE_HEADER: NOISE_WA_HEADER,
      logger: pino({ level: 'silent' }),
    });
    noise.feed(Buffer.concat([NOISE_WA_HEADER, hello(keys.public)]));
    const reply = proto.HandshakeMessage.decode((written[0] ?? Buffer.alloc(3)).subarray(3));
    const encrypted = client.processHandshake(reply, Curve.generateKeyPair());
    const payload = client.encrypt(proto.ClientPayload.encode({ passive: true }).finish());
    noise.feed(frame(proto.HandshakeMessage.encode({ clientFinish: { static: encrypted, payload } }).finish()));
    expect(noise.isEstablished).toBe(true);
    expect(() => noise.feed(frame(Buffer.alloc(40, 1)))).toThrow('does not decrypt');
    expect(frames).toEqual([]);
  });
});

describe('stanzas', () => {
  it('come back as they were', () => {
    const stanza = node('iq', { id: '1', none: undefined }, [node('enc', { v: '2' }, Buffer.from([1, 2, 3]))]);
    expect(decodeNode(encodeNode(stanza))).toEqual({
      tag: 'iq',
      attrs: { id: '1' },
      content: [{ tag: 'enc', attrs: { v: '2' }, content: Buffer.from([1, 2, 3]) }],
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['rubbish', Buffer.from([0, 250, 1, 2])],
    ['a deflated bomb', Buffer.concat([Buffer.from([2]), Buffer.alloc(64)])],
  ])('are refused when they are %s', (_what, bytes) => {
    expect(() => decodeNode(bytes)).toThrow(ProtocolViolation);
  });

  it('are refused when they are nested too deeply', () => {
    let stanza = node('a');
    for (let depth = 0; depth < 40; depth++) stanza = node('a', {}, [stanza]);
    expect(() => decodeNode(encodeNode(stanza))).toThrow('nested too deeply');
  });
});
