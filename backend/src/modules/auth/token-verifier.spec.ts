import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Pool } from 'pg';
import { loadConfig } from '../../config/config.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { MailQueue } from '../../platform/mail/mail-queue.ts';
import { Mailer } from '../../platform/mail/mailer.ts';
import { NodeId } from '../../platform/signals/node-id.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { EmbeddedIssuer } from './embedded-issuer.ts';
import { IssuerAway, Unauthenticated } from './auth.errors.ts';
import { type SigningKey, TokenIssuer } from '../../testing/token-issuer.ts';
import { SystemClock } from '../../kernel/clock.ts';
import { TokenEnds } from './token-ends.ts';
import { TokenVerifier } from './token-verifier.ts';

const SECRET = 'a-secret-of-the-project-that-is-long-enough';
const user = { id: randomUUID(), email: 'dana@example.com' };
const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;

let issuer: TokenIssuer;
let es256: SigningKey;

beforeEach(async () => {
  issuer = new TokenIssuer();
  await issuer.start();
  es256 = await issuer.key('ES256', 'first');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await issuer.stop();
});

function verifier(over: Record<string, string> = {}): TokenVerifier {
  const config = loadConfig({
    DATABASE_URL: 'postgresql://wasel@127.0.0.1/none',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SUPABASE_URL: issuer.url,
    SUPABASE_ANON_KEY: 'anon',
    ...over,
  });
  const pool = new Pool();
  const [system, signals] = [new SystemDb(pool), new Signals(config, new NodeId())];
  const mailer = new Mailer(new MailQueue(system, new Sealer(config)), signals);
  const ends = new TokenEnds(config, system, signals, new SystemClock());
  return new TokenVerifier(config, new EmbeddedIssuer(config, pool, mailer, ends), ends);
}

/** As Supabase Auth says it. */
const claims = (over: JWTPayload = {}): JWTPayload => ({
  iss: `${issuer.url}/auth/v1`,
  aud: 'authenticated',
  sub: user.id,
  email: user.email,
  role: 'authenticated',
  iat: seconds(0),
  exp: seconds(3600),
  user_metadata: { full_name: 'Dana Levi' },
  ...over,
});

const signed = ({ alg, kid, privateKey }: SigningKey, over?: JWTPayload): Promise<string> =>
  new SignJWT(claims(over)).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(privateKey);
const signedWith = (secret: string, over?: JWTPayload): Promise<string> =>
  new SignJWT(claims(over)).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));

/** Whom a token is taken for. What is neither an answer nor a refusal fails the test. */
const outcome = async (token: Promise<string> | string | undefined, by = verifier()): Promise<string> => {
  const text = await token;
  return by.user(text).then(
    (verified) => verified.user.id,
    (error: unknown) => (error instanceof Unauthenticated ? 'refused' : Promise.reject(error as Error)),
  );
};

describe('a token of Supabase Auth', () => {
  it.each(['ES256', 'RS256'] as const)('signed with %s and a published key says who, and until when', async (alg) => {
    const key = await issuer.key(alg, `${alg} key`);
    const exp = seconds(600);
    expect(await verifier().user(await signed(key, { exp }))).toEqual({
      user: { ...user, name: 'Dana Levi' },
      expiresAt: exp,
    });
  });

  it.each<[string, () => JWTPayload]>([
    ['has expired', () => ({ exp: seconds(-1) })],
    ['never expires', () => ({ exp: undefined })],
    ['is not valid yet', () => ({ nbf: seconds(60) })],
    ['is for another audience', () => ({ aud: 'somebody' })],
    ['is for nobody', () => ({ aud: undefined })],
    ['is of another project', () => ({ iss: 'https://other.supabase.co/auth/v1' })],
    ['names no issuer', () => ({ iss: undefined })],
    ['names no person', () => ({ sub: undefined })],
    ['names a person by something else than an id', () => ({ sub: 'service' })],
    ['is of an anonymous visitor, without an address', () => ({ email: '' })],
  ])('is refused when it %s', async (_, over) => {
    expect(await outcome(signed(es256, over()))).toBe('refused');
  });

  it('is refused when it was changed after signing', async () => {
    const [header, , signature] = (await signed(es256)).split('.');
    const forged = Buffer.from(JSON.stringify(claims({ sub: randomUUID() }))).toString('base64url');
    expect(await outcome([header, forged, signature].join('.'))).toBe('refused');
  });

  it('is refused when it is unsigned, with and without the secret in use', async () => {
    for (const by of [verifier(), verifier({ SUPABASE_JWT_SECRET: SECRET })])
      expect(await outcome(new UnsecuredJWT(claims()).encode(), by)).toBe('refused');
  });

  it.each(['', 'x', 'a.b.c', `${Buffer.from('null').toString('base64url')}.e30.`, undefined])(
    'is refused when it is none: %p',
    async (text) => {
      for (const by of [verifier(), verifier({ SUPABASE_JWT_SECRET: SECRET })])
        expect(await outcome(text, by)).toBe('refused');
    },
  );
});

describe('a secret', () => {
  it('signs where the project has one', async () => {
    const { user: person } = await verifier({ SUPABASE_JWT_SECRET: SECRET }).user(await signedWith(SECRET));
    expect(person).toEqual({ ...user, name: 'Dana Levi' });
  });

  it('signs nowhere else, and no other secret does', async () => {
    expect(await outcome(signedWith(SECRET))).toBe('refused');
    expect(
      await outcome(signedWith('another-secret-that-is-as-long-as-it'), verifier({ SUPABASE_JWT_SECRET: SECRET })),
    ).toBe('refused');
  });

  it('leaves expiry, audience and issuer to be checked all the same', async () => {
    const by = verifier({ SUPABASE_JWT_SECRET: SECRET });
    for (const over of [{ exp: seconds(-1) }, { aud: 'somebody' }, { iss: 'https://other.supabase.co/auth/v1' }])
      expect(await outcome(signedWith(SECRET, over), by)).toBe('refused');
  });

  it('is never a public key, in whatever form it is written', async () => {
    const rs256 = await issuer.key('RS256', 'rsa');
    const forms = [
      await exportSPKI(rs256.publicKey),
      JSON.stringify(await exportJWK(rs256.publicKey)),
      JSON.stringify({ keys: issuer.published }),
    ];
    for (const form of forms) {
      expect(await outcome(signedWith(form))).toBe('refused');
      expect(await outcome(signedWith(form), verifier({ SUPABASE_JWT_SECRET: SECRET }))).toBe('refused');
    }
  });

  it('does not keep published keys from being used beside it', async () => {
    const { user: person } = await verifier({ SUPABASE_JWT_SECRET: SECRET }).user(await signed(es256));
    expect(person.id).toBe(user.id);
  });
});

describe('keys', () => {
  it('are fetched once for many tokens', async () => {
    const by = verifier();
    for (let n = 0; n < 5; n += 1) await by.user(await signed(es256));
    expect(issuer.asked).toBe(1);
  });

  it('that were not published sign nothing, under a name of their own or of another', async () => {
    const unknown = await issuer.key('ES256', 'unknown', { published: false });
    expect(await outcome(signed(unknown))).toBe('refused');
    expect(await outcome(signed({ ...unknown, kid: es256.kid }))).toBe('refused');
  });

  it('that are new are fetched when a token names one, but not for every stranger who invents a name', async () => {
    const by = verifier();
    await by.user(await signed(es256));
    const rotated = await issuer.key('ES256', 'second');
    for (let n = 0; n < 5; n += 1)
      expect(await outcome(signed({ ...rotated, kid: `invented ${n}` }), by)).toBe('refused');
    expect(issuer.asked).toBe(1);

    const later = Date.now() + 31_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect((await by.user(await signed(rotated))).user.id).toBe(user.id);
    expect((await by.user(await signed(es256))).user.id).toBe(user.id);
    expect(issuer.asked).toBe(2);
  });

  it('that were taken back sign nothing once they are fetched anew', async () => {
    const by = verifier();
    await by.user(await signed(es256));
    issuer.published.length = 0;
    const rotated = await issuer.key('ES256', 'second');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 31_000);
    await by.user(await signed(rotated));
    expect(await outcome(signed(es256), by)).toBe('refused');
  });

  it('that cannot be had say nothing of the token: not its bearer is sent away, but the request put off', async () => {
    const token = await signed(es256);
    const by = verifier();
    await issuer.stop();
    await expect(by.user(token)).rejects.toBeInstanceOf(IssuerAway);
  });
});
