import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId, OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { type Connected, SessionLines } from './session-lines.ts';

type Held = Connected & Readonly<{ by: string }>;
type Piece = Readonly<{ session: string; by: string; end: (error?: Error) => void }>;

const SWEEP_MS = 15_000;
const organization = OrganizationId.parse(newId());
const clock = new TestClock();
let begun: Piece[];
let failures: unknown[];
let asked: number;
let due: string[];
let lines: SessionLines<Held>;

/** A connection of a number, and its end. */
const connection = (session: string, by = 'first'): { connected: Held; end: () => void } => {
  const ends = new AbortController();
  const lease = { organization, session: session as SessionId, epoch: 1n };
  return { connected: { by, lease, closed: ends.signal, mayAct: () => !ends.signal.aborted }, end: () => ends.abort() };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));
/** Ends the piece of work that was begun last. */
const finish = async (error?: Error) => {
  begun.at(-1)?.end(error);
  await settled();
};

beforeEach(() => {
  [begun, failures, due, asked] = [[], [], [], 0];
  lines = new SessionLines(clock, {
    work: ({ lease: { session }, by }) =>
      new Promise((resolve, reject) => {
        begun.push({ session, by, end: (error) => (error ? reject(error) : resolve()) });
      }),
    due: (leases) => {
      asked += 1;
      return Promise.resolve(due.filter((id) => leases.some(({ session }) => session === id)));
    },
    failed: (_, error) => failures.push(error),
  });
});
afterEach(() => lines.stop());

it('never does two things of a number at a time, and nothing that was said meanwhile is lost', async () => {
  lines.opened(connection('a').connected);
  lines.wake('a');
  lines.wake('a');
  expect(begun).toHaveLength(1);
  await finish();
  expect(begun).toHaveLength(2);
  await finish();
  expect(begun).toHaveLength(2);
  lines.wake('a');
  expect(begun).toHaveLength(3);
});

it('lets what a connection left under way end before the next one begins', async () => {
  const { connected, end } = connection('a');
  lines.opened(connected);
  end();
  lines.opened(connection('a', 'second').connected);
  expect(begun.map(({ by }) => by)).toEqual(['first']);
  await finish(new Error('the connection is gone'));
  expect(begun.map(({ by }) => by)).toEqual(['first', 'second']);
  expect(failures).toEqual([]);
});

it('does nothing for a number whose connection is over', async () => {
  const { connected, end } = connection('a');
  lines.opened(connected);
  await finish();
  end();
  lines.wake('a');
  lines.opened(connected);
  expect(begun).toHaveLength(1);
});

it('tells what went wrong, and goes on when it is woken', async () => {
  lines.opened(connection('a').connected);
  await finish(new Error('odd'));
  expect(failures).toEqual([new Error('odd')]);
  lines.wakeAll(organization);
  expect(begun).toHaveLength(2);
});

it('asks once for all numbers what no signal told of', async () => {
  lines.start();
  for (const session of ['a', 'b', 'c']) {
    lines.opened(connection(session).connected);
    await finish();
  }
  due = ['b', 'of another node'];
  for (let sweeps = 1; sweeps <= 2; sweeps += 1) {
    clock.advance(SWEEP_MS);
    await settled();
    expect(asked).toBe(sweeps);
    expect(begun.slice(3).map(({ session }) => session)).toEqual(Array<string>(sweeps).fill('b'));
    await finish();
  }
  lines.stop();
  clock.advance(SWEEP_MS);
  expect(asked).toBe(2);
});
