import { describe, expect, it } from '@jest/globals';
import { AddressNotAllowed, AddressUnreachable, TooManyRedirects } from '../../platform/http/public-fetch.errors.ts';
import { outcomeOf, outcomeOfFault } from './webhook-outcome.ts';
import { formatOf, payloadOf } from './webhook-payload.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const after = (status: number, retryAfter?: string, attempts = 1, once = false) =>
  outcomeOf(
    { status, headers: retryAfter ? { 'retry-after': retryAfter } : {}, body: Buffer.alloc(0), url: '' },
    attempts,
    once,
    NOW,
  );

describe('an answer', () => {
  it.each([200, 201, 204])('of %i says that it arrived', (status) => {
    expect(after(status)).toEqual({ state: 'sent' });
  });

  it.each([400, 401, 403, 404, 410])('of %i is final', (status) => {
    expect(after(status)).toEqual({ state: 'failed', error: `http_${status}` });
  });

  it.each([
    [500, undefined, 15_000],
    [503, '90', 90_000],
    [429, '60', 60_000],
    [429, '1.5', 15_000],
    [429, 'Sat, 21 Nov 2026 10:02:00 GMT', 120_000],
    [429, 'Sat, 21 Nov 2026 09:00:00 GMT', 15_000],
    [429, '999999', 3_600_000],
    [429, 'soon', 15_000],
    [408, undefined, 15_000],
  ])('of %i with Retry-After %p is tried again in %i ms', (status, retryAfter, inMs) => {
    expect(after(status, retryAfter)).toEqual({ state: 'waiting', inMs, error: `http_${status}` });
  });

  it('that never comes is given up after ten tries, and a test after one', () => {
    const fault = new AddressUnreachable();
    expect(outcomeOfFault(fault, 9, false)).toMatchObject({ state: 'waiting' });
    expect(outcomeOfFault(fault, 10, false)).toEqual({ state: 'failed', error: 'address_unreachable' });
    expect(outcomeOfFault(fault, 1, true)).toEqual({ state: 'failed', error: 'address_unreachable' });
    expect(after(500, undefined, 1, true)).toEqual({ state: 'failed', error: 'http_500' });
  });

  it('from an address that is none, or that leads elsewhere, is not waited for', () => {
    expect(outcomeOfFault(new AddressNotAllowed(), 1, false)).toMatchObject({ state: 'failed' });
    expect(outcomeOfFault(new TooManyRedirects(), 1, false)).toMatchObject({ state: 'failed' });
  });
});

describe('what is posted', () => {
  it.each([
    ['https://hooks.slack.com/services/T0/B0/x', 'slack'],
    ['https://discord.com/api/webhooks/1/x', 'discord'],
    ['https://canary.discord.com/api/webhooks/1/x', 'discord'],
    ['https://discordapp.com/api/webhooks/1/x', 'discord'],
    ['https://discord.com/api/webhooks/1/x/slack', 'slack'],
    ['https://notdiscord.com/api/webhooks/1/x', 'slack'],
    ['https://chat.example.com/hooks/x', 'slack'],
  ])('to %s has the shape of %s', (url, format) => {
    expect(formatOf(url)).toBe(format);
  });

  it('to Slack says names as text, and no links', () => {
    expect(JSON.parse(payloadOf('slack', 'A & <!channel>'))).toEqual({ text: 'A &amp; &lt;!channel&gt;' });
  });

  it('to Discord calls nobody, and is no longer than it takes', () => {
    expect(JSON.parse(payloadOf('discord', '@everyone'))).toEqual({
      content: '@everyone',
      allowed_mentions: { parse: [] },
    });
    const { content } = JSON.parse(payloadOf('discord', 'x'.repeat(3_000))) as { content: string };
    expect(content).toHaveLength(2_000);
  });
});
