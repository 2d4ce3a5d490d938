import { describe, expect, it } from '@jest/globals';
import type { MessageView } from '@wasel/backend/contract';
import {
  canDelete,
  canEdit,
  canForward,
  clockOf,
  isThere,
  mapHref,
  placeIn,
  waysToSend,
  restOf,
  siteIn,
} from './message.rules.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

const message = (over: Partial<MessageView> = {}): MessageView =>
  ({
    direction: 'outbound',
    type: 'text',
    text: 'Hello',
    content: null,
    media: null,
    status: 'delivered',
    created_at: ago(5),
    sent_at: ago(5),
    deleted_at: null,
    ...over,
  }) as MessageView;

describe('what is offered for a message', () => {
  it('is to edit a text of ours for a quarter of an hour', () => {
    expect(canEdit(message(), NOW)).toBe(true);
    expect(canEdit(message({ sent_at: ago(15) }), NOW)).toBe(false);
    expect(canEdit(message({ direction: 'inbound', status: 'received' }), NOW)).toBe(false);
    expect(canEdit(message({ type: 'image' }), NOW)).toBe(false);
  });

  it('is to delete anything of ours for two days and a half', () => {
    expect(canDelete(message({ type: 'poll', sent_at: ago(59 * 60) }), NOW)).toBe(true);
    expect(canDelete(message({ sent_at: ago(60 * 60) }), NOW)).toBe(false);
    expect(canDelete(message({ direction: 'inbound', status: 'received' }), NOW)).toBe(false);
  });

  it('is nothing before WhatsApp has it, or after it was deleted', () => {
    for (const over of [{ status: 'queued' }, { status: 'failed' }, { deleted_at: ago(1) }] as const) {
      const one = message(over);
      expect([isThere(one), canEdit(one, NOW), canDelete(one, NOW), canForward(one)]).toEqual([
        false,
        false,
        false,
        false,
      ]);
    }
  });

  it('is to pass it on, unless it cannot be or is to be seen once', () => {
    expect(canForward(message({ direction: 'inbound', status: 'received' }))).toBe(true);
    expect(canForward(message({ type: 'poll' }))).toBe(false);
    expect(canForward(message({ type: 'location', content: {} }))).toBe(true);
    expect(canForward(message({ type: 'image', text: 'Its file is gone' }))).toBe(false);
    expect(canForward(message({ content: { view_once: true } }))).toBe(false);
  });
});

it.each([
  ['image/jpeg', 'image'],
  ['video/mp4', 'video'],
  ['audio/ogg; codecs=opus', 'audio'],
  ['image/svg+xml', 'document'],
  ['', 'document'],
])('a file of the type %j goes as %s, if nobody says otherwise', (type, way) => expect(waysToSend(type)[0]).toBe(way));

it.each([
  [0, '0:00'],
  [61.9, '1:01'],
  [3_725, '1:02:05'],
  [Infinity, '0:00'],
])('%d seconds are %s', (seconds, clock) => expect(clockOf(seconds)).toBe(clock));

describe('a place', () => {
  it.each([
    ['32.0809, 34.7806', 32.0809, 34.7806],
    ['-33.9 18.4', -33.9, 18.4],
    ['https://www.google.com/maps/@32.0809,34.7806,15z', 32.0809, 34.7806],
    ['https://maps.example.com/?q=32.0809%2C34.7806', 32.0809, 34.7806],
  ])('is read from %s', (text, latitude, longitude) => expect(placeIn(text)).toEqual({ latitude, longitude }));

  it.each(['Dizengoff 50', '', '91, 10', '10, 181'])('is not read from %j', (text) => expect(placeIn(text)).toBeNull());

  it('is opened in a map', () =>
    expect(mapHref({ latitude: 1.5, longitude: -2 })).toBe('https://www.google.com/maps/search/?api=1&query=1.5%2C-2'));
});

describe('the box after a text was sent', () => {
  it.each([
    ['Hello', 'Hello', ''],
    ['Hello, and then', 'Hello', ', and then'],
    ['Hello\n\nAnd then', 'Hello', 'And then'],
    ['And then', 'Hello', 'And then'],
    ['Hell', 'Hello', 'Hell'],
    ['And then', '', 'And then'],
  ])('with %j in it, of which %j was sent, has %j', (written, sent, left) => {
    expect(restOf(written, sent)).toBe(left);
  });
});

describe('the site of a text', () => {
  it.each([
    ['See https://example.com/menu, then call', 'example.com'],
    ['תפריט: http://www.example.co.il:8080/a?b=c', 'www.example.co.il:8080'],
    ['example.com is none, nor is ftp://example.com', null],
    ['https://', null],
    ['', null],
  ])('of “%s” is %s', (text, site) => {
    expect(siteIn(text)).toBe(site);
  });
});
