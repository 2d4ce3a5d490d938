/**
 * The server's half of `Noise_XX_25519_AESGCM_SHA256` as WhatsApp Web speaks it (see Baileys' `noise-handler.js` for the
 * client's half): bytes in, frames out.
 *
 *   client                                server
 *   [ED 00 01 len24 routing] 'W' 'A' 06 03          the intro; its last four bytes are the prologue
 *   len24 ClientHello{e}            →
 *                                   ←  len24 ServerHello{e, enc(static), enc(certificate chain)}
 *   len24 ClientFinish{enc(static), enc(ClientPayload)} →
 *   then len24 AES-256-GCM frames both ways, IV = 8 zero bytes + a 32-bit counter, no additional data
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { Curve, NOISE_MODE, NOISE_WA_HEADER, proto } from '@whiskeysockets/baileys';
import { ProtocolViolation } from './node.ts';
import type { NoisePki } from './noise-pki.ts';

/** Largest frame that is accepted, before and after the handshake. */
const MAX_HANDSHAKE_FRAME_BYTES = 64 * 1024;
const MAX_FRAME_BYTES = 2 * 1024 * 1024;
const MAX_ROUTING_INFO_BYTES = 1024;
const EMPTY = Buffer.alloc(0);

export type NoiseHandlers = Readonly<{
  /** Writes bytes to the socket. */
  write: (bytes: Buffer) => void;
  /** The handshake is complete. `clientStatic` is the client's long-term Noise key. */
  onHandshake: (payload: proto.ClientPayload, clientStatic: Buffer) => void;
  /** One decrypted frame. */
  onFrame: (plaintext: Buffer) => void;
}>;

export class NoiseSession {
  readonly #pki: NoisePki;
  readonly #handlers: NoiseHandlers;
  #buffered: Buffer = EMPTY;
  #stage: 'intro' | 'hello' | 'finish' | 'transport' = 'intro';
  #hash: Buffer = Buffer.from(NOISE_MODE);
  #salt: Buffer = this.#hash;
  #key: Buffer = this.#hash;
  #counter = 0;
  #ephemeralPrivate: Uint8Array = EMPTY;
  #receive = { key: EMPTY as Buffer, counter: 0 };
  #send = { key: EMPTY as Buffer, counter: 0 };

  constructor(pki: NoisePki, handlers: NoiseHandlers) {
    this.#pki = pki;
    this.#handlers = handlers;
    this.#mixHash(NOISE_WA_HEADER);
  }

  get isEstablished(): boolean {
    return this.#stage === 'transport';
  }

  /** Encrypts and writes one frame. */
  send(plaintext: Buffer): void {
    this.#writeFrame(seal(this.#send.key, this.#send.counter++, plaintext, EMPTY));
  }

  /**
   * Takes bytes from the socket, in any chunking.
   * @throws ProtocolViolation when the peer does not speak the protocol; the socket must then be closed.
   */
  feed(chunk: Buffer): void {
    this.#buffered = this.#buffered.length ? Buffer.concat([this.#buffered, chunk]) : chunk;
    if (this.#stage === 'intro' && !this.#readIntro()) return;
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) {
      if (this.#stage === 'hello') this.#onClientHello(frame);
      else if (this.#stage === 'finish') this.#onClientFinish(frame);
      else this.#handlers.onFrame(open(this.#receive.key, this.#receive.counter++, frame, EMPTY));
    }
  }

  #readIntro(): boolean {
    if (this.#buffered.length < 4) return false;
    if (this.#buffered.toString('latin1', 0, 2) === 'ED') {
      if (this.#buffered.length < 7) return false;
      const length = this.#buffered.readUIntBE(4, 3);
      if (length > MAX_ROUTING_INFO_BYTES) throw new ProtocolViolation('routing info is too large');
      if (this.#buffered.length < 7 + length + 4) return false;
      this.#buffered = this.#buffered.subarray(7 + length);
    }
    if (!this.#buffered.subarray(0, 4).equals(NOISE_WA_HEADER)) throw new ProtocolViolation('unknown intro');
    this.#buffered = this.#buffered.subarray(4);
    this.#stage = 'hello';
    return true;
  }

  #nextFrame(): Buffer | undefined {
    if (this.#buffered.length < 3) return undefined;
    const length = this.#buffered.readUIntBE(0, 3);
    const limit = this.isEstablished ? MAX_FRAME_BYTES : MAX_HANDSHAKE_FRAME_BYTES;
    if (length > limit) throw new ProtocolViolation(`frame of ${length} bytes is over the limit of ${limit}`);
    if (this.#buffered.length < 3 + length) return undefined;
    const frame = this.#buffered.subarray(3, 3 + length);
    this.#buffered = this.#buffered.subarray(3 + length);
    return frame;
  }

  #onClientHello(frame: Buffer): void {
    const { clientHello } = decodeHandshake(frame);
    const clientEphemeral = key32(clientHello?.ephemeral);
    const ephemeral = Curve.generateKeyPair();
    this.#ephemeralPrivate = ephemeral.private;
    this.#mixHash(clientEphemeral);
    this.#mixHash(ephemeral.public);
    this.#mixKey(Curve.sharedKey(ephemeral.private, clientEphemeral));
    const staticKey = this.#encrypt(this.#pki.staticKey.public);
    this.#mixKey(Curve.sharedKey(this.#pki.staticKey.private, clientEphemeral));
    const payload = this.#encrypt(this.#pki.chain);
    this.#stage = 'finish';
    const hello = proto.HandshakeMessage.encode({
      serverHello: { ephemeral: ephemeral.public, static: staticKey, payload },
    });
    this.#writeFrame(Buffer.from(hello.finish()));
  }

  #onClientFinish(frame: Buffer): void {
    const { clientFinish } = decodeHandshake(frame);
    const clientStatic = key32(this.#decrypt(Buffer.from(clientFinish?.static ?? EMPTY)));
    this.#mixKey(Curve.sharedKey(this.#ephemeralPrivate, clientStatic));
    const payload = proto.ClientPayload.decode(this.#decrypt(Buffer.from(clientFinish?.payload ?? EMPTY)));
    const keys = hkdf(EMPTY, this.#salt);
    this.#receive = { key: keys.subarray(0, 32), counter: 0 };
    this.#send = { key: keys.subarray(32), counter: 0 };
    this.#stage = 'transport';
    this.#handlers.onHandshake(payload, clientStatic);
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  #mixKey(secret: Uint8Array): void {
    const out = hkdf(secret, this.#salt);
    this.#salt = out.subarray(0, 32);
    this.#key = out.subarray(32);
    this.#counter = 0;
  }

  #encrypt(plaintext: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, plaintext, this.#hash);
    this.#mixHash(sealed);
    return sealed;
  }

  #decrypt(sealed: Buffer): Buffer {
    const plaintext = open(this.#key, this.#counter++, sealed, this.#hash);
    this.#mixHash(sealed);
    return plaintext;
  }

  #writeFrame(body: Buffer): void {
    const frame = Buffer.allocUnsafe(3 + body.length);
    frame.writeUIntBE(body.length, 0, 3);
    frame.set(body, 3);
    this.#handlers.write(frame);
  }
}

function decodeHandshake(frame: Buffer): proto.HandshakeMessage {
  try {
    return proto.HandshakeMessage.decode(frame);
  } catch (error) {
    throw new ProtocolViolation('malformed handshake', { cause: error });
  }
}

function key32(bytes: Uint8Array | null | undefined): Buffer {
  if (bytes?.length !== 32) throw new ProtocolViolation('a Curve25519 key has 32 bytes');
  return Buffer.from(bytes);
}

function hkdf(secret: Uint8Array, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, EMPTY, 64));
}

function iv(counter: number): Buffer {
  const out = Buffer.alloc(12);
  out.writeUInt32BE(counter, 8);
  return out;
}

function seal(key: Buffer, counter: number, plaintext: Uint8Array, additionalData: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv(counter));
  cipher.setAAD(additionalData);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws ProtocolViolation when the tag does not fit: a wrong key, a lost frame or a forged one. */
function open(key: Buffer, counter: number, sealed: Buffer, additionalData: Buffer): Buffer {
  if (sealed.length < 16) throw new ProtocolViolation('encrypted frame is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, iv(counter));
  decipher.setAAD(additionalData);
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  } catch (error) {
    throw new ProtocolViolation('frame does not decrypt', { cause: error });
  }
}
