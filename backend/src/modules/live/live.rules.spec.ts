import { expect, it } from '@jest/globals';
import { LiveEvents } from '../../kernel/live-events.ts';
import { LIVE_FACTS, mayConnectFrom } from './live.rules.ts';

const allowed = ['https://app.example'];

it('browsers are told every fact that the description of the line names', () => {
  const facts = Object.entries(LiveEvents).flatMap(([name, { shape }]) => ('cursor' in shape ? [name] : []));
  expect(facts.filter((name) => !name.startsWith('live.')).toSorted()).toEqual([...LIVE_FACTS].toSorted());
});

it.each([
  ['no origin, which no browser sends', undefined, 'wasel.example', true],
  ['a page of this host', 'https://wasel.example', 'wasel.example', true],
  ['a page of this host and port', 'http://localhost:3000', 'LOCALHOST:3000', true],
  ['an allowed origin', 'https://app.example', 'wasel.example', true],
  ['another port', 'http://localhost:3001', 'localhost:3000', false],
  ['a host that only begins like this one', 'https://wasel.example.evil.example', 'wasel.example', false],
  ['an allowed host by another scheme', 'http://app.example', 'wasel.example', false],
  ['a page without an origin of its own', 'null', 'wasel.example', false],
  ['an origin where no host was asked for', 'https://wasel.example', undefined, false],
])('%s', (_, origin, host, may) => {
  expect(mayConnectFrom(origin, host, allowed)).toBe(may);
});
