import { beforeEach, expect, it } from '@jest/globals';
import { LiveListener } from './live-listener.ts';
import type { LiveFact } from './live.rules.ts';

const fact = (cursor: string): LiveFact => ({
  cursor,
  organization: 'o',
  type: 'session.status',
  subject: 's',
  payload: {},
});

let told: string[];
let listener: LiveListener;
beforeEach(() => {
  told = [];
  listener = new LiveListener(({ cursor }) => told.push(cursor));
});
const tell = (...cursors: string[]) => {
  for (const cursor of cursors) listener.tell(fact(cursor));
};

it('is told nothing until it is known where the client was', () => {
  tell('10-1');
  expect(told).toEqual([]);
});

it('is told what it missed, then what came meanwhile, and what is in both once', () => {
  tell('10-3', '11-4');
  listener.resume('9-1', [fact('9-2'), fact('10-3')]);
  tell('11-4', '12-5');
  expect(told).toEqual(['9-2', '10-3', '11-4', '12-5']);
});

it('is not told what the client knew before this node did', () => {
  tell('9-1');
  listener.resume('10-2', []);
  tell('10-1', '10-2', '10-3');
  expect(told).toEqual(['10-3']);
});
