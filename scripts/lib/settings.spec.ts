import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeFailure } from './run-command.ts';
import { loadSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import { UserFacingError } from './user-facing-error.ts';

describe('readSettings', () => {
  it('needs nothing', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).toEqual({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      databaseUrl: undefined,
      whatsapp: 'sandbox',
    });
  });

  it('knows its public address on Railway', () => {
    expect(readSettings({ RAILWAY_PUBLIC_DOMAIN: 'wasel.example' }).publicUrl).toBe('https://wasel.example');
  });

  it.each([
    [{ PORT: 'web' }, 'PORT is "web": give it a number from 1 to 65535.'],
    [{ PORT: '70000' }, 'PORT is "70000": give it a number from 1 to 65535.'],
    [{ WHATSAPP: 'real' }, 'WHATSAPP is "real": give it "sandbox" or "live".'],
  ])('refuses %j by name', (env, message) => {
    expect(() => readSettings(env)).toThrow(new UserFacingError(message));
  });
});

describe('loadSecrets', () => {
  it('makes them once, for the eyes of the user only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
    const secrets = loadSecrets(directory);
    expect(Buffer.from(secrets.ENCRYPTION_KEYS.split(':')[1] ?? '', 'base64')).toHaveLength(32);
    expect(loadSecrets(directory)).toEqual(secrets);
    expect(loadSecrets(mkdtempSync(join(tmpdir(), 'secrets-')))).not.toEqual(secrets);
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
  });
});

describe('describeFailure', () => {
  it('is one line where the person at the keyboard can help', () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path: '/srv/.wasel' });
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/srv/.wasel/x' });
    expect(describeFailure(new UserFacingError('Do this.'))).toBe('Do this.');
    expect(describeFailure(denied)).toBe(
      'No permission for /srv/.wasel: make it writable for this user, or use another directory.',
    );
    expect(describeFailure(full)).toBe('The disk is full (/srv/.wasel/x): free some space.');
  });

  it('keeps the stack of a bug', () => {
    expect(describeFailure(new TypeError('x is not a function'))).toMatch(/TypeError: x is not a function\n\s+at /);
  });
});
