import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { loadConfig } from './config.ts';

const complete = {
  DATABASE_URL: 'postgresql://wasel@127.0.0.1/wasel',
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  AUTH_SECRET: 'a'.repeat(32),
};

it('reports every fault at once, by name', () => {
  const load = () => loadConfig({ ...complete, DATABASE_URL: 'mysql://x', PORT: '99999999', ENCRYPTION_KEYS: 'short' });
  expect(load).toThrow(/DATABASE_URL/);
  expect(load).toThrow(/PORT/);
  expect(load).toThrow(/ENCRYPTION_KEYS/);
});

it('takes an empty variable for one that is not set', () => {
  expect(loadConfig({ ...complete, PORT: '' }).http.port).toBe(3000);
});

it('keeps the pace that protects numbers unless the process runs against the sandbox', () => {
  expect(() => loadConfig({ ...complete, OUTBOX_MAX_PER_MINUTE: '600' })).toThrow(/OUTBOX_MAX_PER_MINUTE/);
  expect(() => loadConfig({ ...complete, OUTBOX_MIN_GAP_MS: '0' })).toThrow(/OUTBOX_MIN_GAP_MS/);
  const sandbox = loadConfig({ ...complete, WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:1', OUTBOX_MAX_PER_MINUTE: '600' });
  expect(sandbox.outbox).toEqual({ maxPerMinute: 600, minGapMs: 3000, newChatsPerDay: null });
  expect(() => loadConfig({ ...complete, OUTBOX_NEW_CHATS_PER_DAY: '51' })).toThrow(/OUTBOX_NEW_CHATS_PER_DAY/);
  expect(loadConfig(complete).outbox.newChatsPerDay).toBe(50);
});

it('opens the networks that are named, and starts with none that is no network', () => {
  const load = (networks: string) => loadConfig({ ...complete, OUTGOING_ALLOWED_NETWORKS: networks }).outgoing;
  expect(load('10.1.0.0/16, fd00::/8')).toEqual({ allowedNetworks: ['10.1.0.0/16', 'fd00::/8'] });
  expect(() => load('10.1.0.0')).toThrow(/OUTGOING_ALLOWED_NETWORKS/);
});

it('refuses the sandbox in production', () => {
  const load = () => loadConfig({ ...complete, NODE_ENV: 'production', WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:1' });
  expect(load).toThrow(/WHATSAPP_SANDBOX_URL.*\n?.*production|production/);
});

it('wants a secret of its own only when it is its own issuer', () => {
  const { AUTH_SECRET: _, ...rest } = complete;
  expect(() => loadConfig(rest)).toThrow(/AUTH_SECRET/);
  const supabase = loadConfig({ ...rest, SUPABASE_URL: 'https://x.supabase.co', SUPABASE_ANON_KEY: 'anon' });
  expect(supabase.auth).toMatchObject({ provider: 'supabase', anonKey: 'anon' });
});

it('shows mails to whoever asks only at the sandbox without a mail server, and sends none without a sender', () => {
  const sandbox = { ...complete, WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:1' };
  const smtp = { SMTP_URL: 'smtp://mail.example:587', MAIL_FROM: 'Wasel <wasel@example.com>' };
  const { SMTP_URL } = smtp;
  expect(() => loadConfig({ ...complete, SMTP_URL })).toThrow(/MAIL_FROM/);
  expect(() => loadConfig({ ...complete, ...smtp, SMTP_URL: 'http://mail.example' })).toThrow(/SMTP_URL/);
  expect(loadConfig(complete).mail).toEqual({ smtp: undefined, mailbox: false });
  expect(loadConfig(sandbox).mail).toEqual({ smtp: undefined, mailbox: true });
  expect(loadConfig({ ...sandbox, ...smtp }).mail).toMatchObject({ smtp: { url: SMTP_URL }, mailbox: false });
});

it('knows whether anybody chose where files are kept', () => {
  expect(loadConfig(complete).media.chosen).toBe(false);
  expect(loadConfig({ ...complete, MEDIA_DIR: '/data' }).media).toEqual({ dir: '/data', chosen: true });
});
