import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Curve, generateSignalPubKey, signedKeyPair } from '@whiskeysockets/baileys';
import libsignal from 'libsignal';
import { prepareProcess } from './baileys-process.ts';

type Pair = { pubKey: Buffer; privKey: Buffer };
type SignalRecord = InstanceType<typeof libsignal.SessionRecord>;

/** One end of a chat, on libsignal itself; its records are kept serialized, as a key store keeps them. */
class Party {
  readonly identity = keyPair();
  readonly signedPreKey = keyPair();
  readonly preKeys = new Map<number, Pair>();
  record: ReturnType<SignalRecord['serialize']> | undefined;
  /** What happens when its record is read. */
  onLoad: () => Promise<void> = async () => undefined;

  constructor(
    readonly name: string,
    readonly peer: string,
  ) {}

  private get storage() {
    return {
      loadSession: async () => {
        await this.onLoad();
        return this.record ? libsignal.SessionRecord.deserialize(this.record) : undefined;
      },
      storeSession: async (_: string, record: SignalRecord) => {
        this.record = structuredClone(record.serialize());
      },
      isTrustedIdentity: () => true,
      loadPreKey: async (id: number | string) => this.preKeys.get(Number(id)),
      removePreKey: (id: number) => void this.preKeys.delete(id),
      loadSignedPreKey: () => this.signedPreKey,
      getOurRegistrationId: () => 1,
      getOurIdentity: () => this.identity,
    };
  }

  private get cipher() {
    return new libsignal.SessionCipher(this.storage, new libsignal.ProtocolAddress(this.peer, 0));
  }

  /** Begins a new session with `other`; the one before it stays, closed. */
  async begin(other: Party): Promise<void> {
    const preKey = keyPair();
    const keyId = other.preKeys.size + 1;
    other.preKeys.set(keyId, preKey);
    await new libsignal.SessionBuilder(this.storage, new libsignal.ProtocolAddress(this.peer, 0)).initOutgoing({
      registrationId: 1,
      identityKey: other.identity.pubKey,
      signedPreKey: {
        keyId: 1,
        publicKey: other.signedPreKey.pubKey,
        signature: Buffer.from(Curve.sign(other.identity.privKey, other.signedPreKey.pubKey)),
      },
      preKey: { keyId, publicKey: preKey.pubKey },
    });
  }

  async seal(text: string): Promise<{ type: number; body: Buffer }> {
    const { type, body } = await this.cipher.encrypt(Buffer.from(text));
    return { type, body: Buffer.from(body as unknown as Uint8Array) };
  }

  async open({ type, body }: { type: number; body: Buffer }): Promise<string> {
    const plain = await (type === 3
      ? this.cipher.decryptPreKeyWhisperMessage(body)
      : this.cipher.decryptWhisperMessage(body));
    return plain.toString();
  }
}

function keyPair(): Pair {
  const { public: pubKey, private: privKey } = Curve.generateKeyPair();
  return { pubKey: Buffer.from(generateSignalPubKey(pubKey)), privKey: Buffer.from(privKey) };
}

const written: unknown[][] = [];
beforeAll(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const)
    console[method] = (...parts: unknown[]) => void written.push(parts); // under what prepareProcess puts there
  prepareProcess();
});
beforeEach(() => void written.splice(0));

/** Both have two sessions with each other; `late` was sealed on the older one and is still under way. */
async function twoSessions() {
  const us = new Party('us', 'phone');
  const phone = new Party('phone', 'us');
  await phone.begin(us);
  await us.open(await phone.seal('first'));
  await phone.open(await us.seal('answer'));
  const late = await phone.seal('late, on the older session');
  await us.begin(phone);
  await phone.open(await us.seal('on the newer session'));
  await us.open(await phone.seal('answer on the newer session'));
  return { us, phone, late };
}

describe('a message on the older of two sessions', () => {
  it('opens, and leaves the newer one as it was', async () => {
    const { us, phone, late } = await twoSessions();
    expect(await us.open(late)).toBe('late, on the older session');
    expect(await phone.open(await us.seal('on the newer one still'))).toBe('on the newer one still');
    expect(await us.open(await phone.seal('and back'))).toBe('and back');
  });

  it('that no session opens changes nothing', async () => {
    const { us, phone, late } = await twoSessions();
    const before = structuredClone(us.record);
    const forged = { type: late.type, body: Buffer.from(late.body) };
    forged.body[forged.body.length - 1] = (forged.body.at(-1) ?? 0) ^ 1;
    await expect(us.open(forged)).rejects.toThrow('No matching sessions');
    expect(us.record).toEqual(before);
    expect(await us.open(late)).toBe('late, on the older session');
    expect(await phone.open(await us.seal('on'))).toBe('on');
  });
});

describe('what two numbers do with one address at once', () => {
  it('is done on behalf of each, also of the one that waits', async () => {
    const phone = new Party('phone', 'us');
    const numbers = [new Party('first', 'phone'), new Party('second', 'phone')];
    const onBehalfOf = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    for (const number of numbers) {
      await number.begin(phone);
      number.onLoad = async () => {
        await setImmediate(); // the other one has asked by then
        seen.push([number.name, onBehalfOf.getStore()]);
      };
    }
    await Promise.all(numbers.map((number) => onBehalfOf.run(number.name, () => number.seal('hello'))));
    expect(seen).toEqual([
      ['first', 'first'],
      ['second', 'second'],
    ]);
  });
});

describe('Curve.verify', () => {
  const signer = Curve.generateKeyPair();
  const { keyPair: signed, signature } = signedKeyPair(signer, 1);
  const message = generateSignalPubKey(signed.public);

  it('takes the signature that was made', () => {
    expect(Curve.verify(signer.public, message, signature)).toBe(true);
  });

  it.each([
    ['one bit off', () => [signer.public, message, flipped(signature)] as const],
    ['for another message', () => [signer.public, flipped(message), signature] as const],
    ['of another key', () => [Curve.generateKeyPair().public, message, signature] as const],
    ['of no length', () => [signer.public, message, new Uint8Array()] as const],
  ])('refuses one %s', (_, parts) => {
    expect(Curve.verify(...parts())).toBe(false);
  });
});

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, n) => (n === 3 ? byte ^ 1 : byte));

describe('console', () => {
  it('hears nothing of libsignal, which prints sessions when it closes one and errors when nothing opens', async () => {
    const { us, phone, late } = await twoSessions();
    await us.open(late); // "Decrypted message with closed session."
    await us.open(late).catch(() => undefined); // "Failed to decrypt message with any known session..."
    await phone.begin(us);
    await us.open(await phone.seal('a third one')); // "Closing open session in favor of incoming prekey bundle"
    expect(written).toEqual([]);
  });

  it('hears everybody else, once, however often the process is prepared', () => {
    prepareProcess();
    console.warn('a warning', { of: 'ours' });
    expect(written).toEqual([['a warning', { of: 'ours' }]]);
  });
});
