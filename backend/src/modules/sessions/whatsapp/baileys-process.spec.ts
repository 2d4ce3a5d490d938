import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  generateSignalPubKey,
  initAuthCreds,
  type SignalDataSet,
  type SignalRepositoryWithLIDStore,
} from '@whiskeysockets/baileys';
import { prepareProcess } from './baileys-process.ts';
import { baileysLogger } from './baileys-logger.ts';

const printed: unknown[] = [];

beforeAll(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    // oxlint-disable-next-line no-console -- what would be printed is what this is about
    console[method] = (...parts: unknown[]) => void printed.push(...parts);
  prepareProcess();
});

/** One side of a chat: Baileys' own Signal repository over keys in memory. */
class Party {
  readonly creds = initAuthCreds();
  readonly repository: SignalRepositoryWithLIDStore;
  private readonly values = new Map<string, unknown>();
  private preKeyId = 0;

  constructor(readonly jid: string) {
    const keys = {
      get: (type: string, ids: string[]) =>
        Object.fromEntries(ids.flatMap((id) => (this.values.has(id + type) ? [[id, this.values.get(id + type)]] : []))),
      set: (data: SignalDataSet) => {
        for (const [type, rows] of Object.entries(data))
          for (const [id, value] of Object.entries(rows)) this.values.set(id + type, value ?? undefined);
      },
      isInTransaction: () => true,
      transaction: <T>(work: () => Promise<T>) => work(),
    };
    const logger = baileysLogger({ debug: () => undefined, warn: () => undefined });
    this.repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds: this.creds, keys: keys as never },
      logger,
    );
  }

  /** What somebody else needs to write first; each time with another one-time key. */
  bundle() {
    const preKey = Curve.generateKeyPair();
    const id = (this.preKeyId += 1);
    this.values.set(`${id}pre-key`, preKey);
    const { signedPreKey, signedIdentityKey, registrationId } = this.creds;
    return {
      registrationId,
      identityKey: generateSignalPubKey(signedIdentityKey.public),
      signedPreKey: {
        keyId: signedPreKey.keyId,
        publicKey: generateSignalPubKey(signedPreKey.keyPair.public),
        signature: signedPreKey.signature,
      },
      preKey: { keyId: id, publicKey: generateSignalPubKey(preKey.public) },
    };
  }

  meets(other: Party): Promise<void> {
    return this.repository.injectE2ESession({ jid: other.jid, session: other.bundle() });
  }

  write(other: Party, text: string) {
    return this.repository.encryptMessage({ jid: other.jid, data: Buffer.from(text) });
  }

  async read(other: Party, message: { type: 'pkmsg' | 'msg'; ciphertext: Uint8Array }): Promise<string> {
    return Buffer.from(await this.repository.decryptMessage({ jid: other.jid, ...message })).toString();
  }
}

describe('libsignal in this process', () => {
  it('leaves a session as it was that a message was tried on in vain', async () => {
    const shop = new Party('15550001@s.whatsapp.net');
    const maya = new Party('15550002@s.whatsapp.net');
    await shop.meets(maya);
    expect(await maya.read(shop, await shop.write(maya, 'hello'))).toBe('hello');
    expect(await shop.read(maya, await maya.write(shop, 'hi'))).toBe('hi');

    // Maya answers on the session that she knows, while the shop has begun another and has not sent on it yet.
    const late = await maya.write(shop, 'on the older one');
    await shop.meets(maya);
    expect(await shop.read(maya, late)).toBe('on the older one');
    expect(await maya.read(shop, await shop.write(maya, 'on the newer one'))).toBe('on the newer one');
    expect(await shop.read(maya, await maya.write(shop, 'read'))).toBe('read');
  });

  it('prints nothing, while everybody else may', async () => {
    const shop = new Party('15550003@s.whatsapp.net');
    const maya = new Party('15550004@s.whatsapp.net');
    await shop.meets(maya);
    await maya.read(shop, await shop.write(maya, 'hello'));
    await shop.meets(maya); // libsignal prints the session that it closes
    const garbage = Buffer.from((await maya.write(shop, 'hi')).ciphertext).fill(7, 20);
    await expect(shop.read(maya, { type: 'msg', ciphertext: garbage })).rejects.toThrow(/session/i); // and why it could not read
    // oxlint-disable-next-line no-console -- what others print
    console.info('ours');
    expect(printed).toEqual(['ours']);
  });
});

describe('Curve.verify', () => {
  const pair = Curve.generateKeyPair();
  const message = Buffer.from('to be signed');

  it('accepts a signature of the key over the message, and no other', () => {
    const signature = Curve.sign(pair.private, message);
    expect(Curve.verify(pair.public, message, signature)).toBe(true);
    expect(Curve.verify(pair.public, Buffer.from('something else'), signature)).toBe(false);
    expect(Curve.verify(Curve.generateKeyPair().public, message, signature)).toBe(false);
    expect(Curve.verify(pair.public, message, Buffer.alloc(3))).toBe(false);
  });
});
