import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SupabaseAuthServer } from '../../testing/supabase-auth-server.ts';
import { AuthError } from './issuer.ts';
import { SupabaseIssuer } from './supabase-issuer.ts';

const PASSWORD = 'a long enough password';
const REFRESH = '/auth/v1/token?grant_type=refresh_token';

let server: SupabaseAuthServer;
let url: string;
let kept: Map<string, string>;
let issuer: SupabaseIssuer;

/** A page that was just loaded in the same browser. */
const open = () =>
  new SupabaseIssuer({
    url,
    anonKey: 'public-key',
    confirmedUrl: 'https://wasel.example/overview',
    resetUrl: 'https://wasel.example/reset-password',
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
  });

beforeEach(async () => {
  server = new SupabaseAuthServer();
  url = await server.start();
  kept = new Map();
  issuer = open();
});
afterEach(() => server.stop());

describe('signing up at Supabase', () => {
  it('signs in at once, and says the name where the backend reads it', async () => {
    expect(await issuer.token()).toBeNull();
    expect(await issuer.signUp('Dana', 'dana@example.com', PASSWORD)).toBe('signed-in');
    expect(await issuer.token()).toEqual(expect.any(String));
    expect(server.accounts).toMatchObject([{ email: 'dana@example.com', data: { full_name: 'Dana' } }]);
    expect(server.calls.every(({ apikey }) => apikey === 'public-key')).toBe(true);
  });

  it('waits for the address to be confirmed, and leads back here', async () => {
    server.confirmsEmail = true;
    expect(await issuer.signUp('Dana', 'dana@example.com', PASSWORD)).toBe('confirm-email');
    expect(await issuer.token()).toBeNull();
    const [{ path } = { path: '' }] = server.calls;
    expect(new URL(path, url).searchParams.get('redirect_to')).toBe('https://wasel.example/overview');
  });

  it('says what is wrong in the words of the screen', async () => {
    await expect(issuer.signUp('Dana', 'dana@example.com', 'short')).rejects.toMatchObject({ code: 'WEAK_PASSWORD' });
    await issuer.signUp('Dana', 'dana@example.com', PASSWORD);
    await expect(issuer.signUp('Dana', 'dana@example.com', PASSWORD)).rejects.toMatchObject({
      code: 'USER_ALREADY_EXISTS',
    });
  });
});

describe('being signed in at Supabase', () => {
  beforeEach(() => issuer.signUp('Dana', 'dana@example.com', PASSWORD));

  it('takes the right password and no other', async () => {
    await issuer.signOut();
    await expect(issuer.signIn('dana@example.com', 'not her password')).rejects.toMatchObject({
      code: 'INVALID_EMAIL_OR_PASSWORD',
    });
    expect(await issuer.token()).toBeNull();
    await issuer.signIn('dana@example.com', PASSWORD);
    expect(await issuer.token()).toEqual(expect.any(String));
  });

  it('asks for no new token while the old one holds, and is still signed in after a reload', async () => {
    const token = await issuer.token();
    expect(await issuer.token()).toBe(token);
    expect(await open().token()).toBe(token);
    expect(server.callsTo(REFRESH)).toEqual([]);
  });

  it('renews a token that is about to run out, once for all who ask', async () => {
    server.expiresInSeconds = 30;
    await issuer.signIn('dana@example.com', PASSWORD);
    server.expiresInSeconds = 3600;
    const [one, other] = await Promise.all([issuer.token(), issuer.token()]);
    expect(one).toBe(other);
    expect(await issuer.token()).toBe(one);
    expect(server.callsTo(REFRESH)).toHaveLength(1);
  });

  it('gets a fresh token when the backend refused the one that it had', async () => {
    const refused = await issuer.token();
    const fresh = await issuer.token({ fresh: true });
    expect(fresh).toEqual(expect.any(String));
    expect(fresh).not.toBe(refused);
  });

  it('stays signed in when Supabase stumbles', async () => {
    server.stumbles = 2;
    expect(await issuer.token({ fresh: true })).toEqual(expect.any(String));
    expect(server.callsTo(REFRESH)).toHaveLength(3);
  });

  it('is signed out once the session was ended elsewhere', async () => {
    server.revokeAll();
    expect(await issuer.token({ fresh: true })).toBeNull();
  });

  it('signs out here and at Supabase, and leaves nothing behind', async () => {
    await issuer.signOut();
    const [logout] = server.callsTo('/auth/v1/logout?scope=local');
    expect(logout?.authorization).toMatch(/^Bearer ./);
    expect(await issuer.token()).toBeNull();
    expect([...kept.keys()]).toEqual([]);
  });

  it('takes a server that is away for that, and not for a wrong password', async () => {
    server.stumbles = 1;
    await expect(issuer.signIn('dana@example.com', PASSWORD)).rejects.not.toBeInstanceOf(AuthError);
  });

  it('is not taken for signed out when Supabase asks for patience', async () => {
    server.refusesRefresh = { status: 429, code: 'over_request_rate_limit' };
    await expect(issuer.token({ fresh: true })).rejects.toMatchObject({ status: 429 });
    expect(await issuer.token()).toEqual(expect.any(String));
  });
});

describe('a forgotten password at Supabase', () => {
  const NEW = 'a whole new password';
  beforeEach(() => issuer.signUp('Dana', 'dana@example.com', PASSWORD));

  it('is asked for by mail, in a link that leads back here, and no stranger learns who is known', async () => {
    await issuer.askForPasswordReset('dana@example.com');
    await issuer.askForPasswordReset('stranger@example.com');
    const asked = server.calls.filter(({ path }) => path.startsWith('/auth/v1/recover'));
    expect(asked.map(({ path }) => new URL(path, url).searchParams.get('redirect_to'))).toEqual(
      Array(2).fill('https://wasel.example/reset-password'),
    );
    expect([...server.recoveries.keys()]).toEqual(['dana@example.com']);
  });

  it('gives way to a new one, once, and every session ends', async () => {
    await issuer.askForPasswordReset('dana@example.com');
    const link = server.recoveries.get('dana@example.com') ?? '';
    await expect(issuer.resetPassword(link, 'short')).rejects.toMatchObject({ code: 'WEAK_PASSWORD' });
    await issuer.resetPassword(link, NEW);
    expect(await issuer.token()).toBeNull();
    expect(server.callsTo('/auth/v1/logout?scope=global')).toHaveLength(1);
    await expect(issuer.signIn('dana@example.com', PASSWORD)).rejects.toMatchObject({
      code: 'INVALID_EMAIL_OR_PASSWORD',
    });
    await issuer.signIn('dana@example.com', NEW);
    await expect(issuer.resetPassword(link, 'another new password')).rejects.toMatchObject({ code: 'LINK_OVER' });
  });

  it('is not changed by a link that has expired, or that is none', async () => {
    for (const link of ['error=access_denied&error_code=otp_expired', 'nothing', ''])
      await expect(issuer.resetPassword(link, NEW)).rejects.toMatchObject({ code: 'LINK_OVER' });
    await issuer.signIn('dana@example.com', PASSWORD);
  });
});

it('asks Supabase for another address, which it confirms itself', async () => {
  await issuer.signUp('Dana', 'dana@example.com', PASSWORD);
  await issuer.changeEmail('noa@example.com');
  expect(server.accounts).toMatchObject([{ email: 'dana@example.com', newEmail: 'noa@example.com' }]);
});
