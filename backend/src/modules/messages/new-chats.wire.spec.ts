import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { SessionHealth } from '../sessions/sessions.dto.ts';
import { type MessageView } from './messages.dto.ts';

const A_DAY = 2;
const HOUR_MS = 3_600_000;

let wire: Wire;
let number: WireNumber;
/** Has written to the number. */
let known: string;

beforeAll(async () => {
  wire = await Wire.start({ settings: { OUTBOX_NEW_CHATS_PER_DAY: String(A_DAY) } });
}, 60_000);
afterAll(() => wire.close());

beforeEach(async () => {
  number = await wire.link();
  known = await wire.phones.createPhone();
  await wire.phones.send(known, { to: number.phone, text: 'Are you open?' });
  await wire.api.waitForText(number.session, 'Are you open?', ['received']);
}, 60_000);

const send = (to: string, text: string) => wire.api.send(number.session, `+${to.replace('+', '')}`, text);
const stranger = () => wire.phones.createPhone();
/** Somebody whose phone is off: nothing arrives there. */
const mute = () => wire.phones.createPhone({ silent: true });
const message = async (text: string): Promise<MessageView | undefined> =>
  (await wire.api.messages(number.session)).find((one) => one.text === text);
const gone = (text: string) => wire.api.waitForText(number.session, text, ['sent', 'delivered']);
const waits = async (text: string) => {
  const { status, waiting_for: reason, waiting_until: time } = (await message(text)) ?? {};
  return { status, reason, time };
};
/** The number does its work: what does not leave now will not. */
const knownHears = async (text: string) => {
  await send(known, text);
  await until(`"${text}" to arrive`, async () => (await wire.textsOnPhone(known, number)).includes(text));
};
const query = (sql: string, values: unknown[] = []) =>
  wire.app.database.admin.query<Record<string, unknown>>(sql, values).then(({ rows }) => rows);
const restrict = (restrictions: object) =>
  wire.phones.call('POST', `/phones/${number.phone}/restrictions`, restrictions);
const inHours = (hours: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + hours * HOUR_MS).toISOString();
const session = () => wire.api.session(number.session);
const health = async () => SessionHealth.parse(await wire.api.call('GET', `/sessions/${number.session}/health`));

describe('chats that a number begins', () => {
  it('are as many in a day as it may, while old chats go on; the next day brings more', async () => {
    const strangers = [await stranger(), await stranger(), await stranger(), await stranger()] as const;
    for (const [n, to] of strangers.entries()) await send(to, `hello ${n}`);
    await gone('hello 1');
    await knownHears('goes on');
    const next = await waits('hello 2');
    expect(next).toMatchObject({ status: 'queued', reason: 'new_chat_budget' });
    expect(new Date(next.time ?? 0).getTime()).toBeGreaterThan(Date.now());
    expect(await health()).toMatchObject({
      today: { new_chats: A_DAY },
      new_chats_allowed: { per_day: A_DAY, because: 'default' },
    });

    await wire.phones.send(strangers[3], { to: number.phone, text: 'I am first' });
    await gone('hello 3'); // who writes is no stranger
    expect(await waits('hello 2')).toMatchObject({ reason: 'new_chat_budget' });

    await query('update session_days set day = day - 1 where session_id = $1', [number.session]);
    await gone('hello 2');
    expect((await health()).today.new_chats).toBe(1);
  }, 60_000);

  it('count once, and are read in their order', async () => {
    const [first, second, third] = [await mute(), await mute(), await stranger()];
    for (const text of ['1 a', '1 b']) await send(first, text);
    await gone('1 b');
    for (const text of ['2 a', '2 b', '2 c']) await send(second, text);
    await gone('2 c');
    for (const text of ['3 a', '3 b']) await send(third, text);
    await knownHears('meanwhile');
    expect(await waits('3 a')).toMatchObject({ reason: 'new_chat_budget' });
    expect((await health()).today.new_chats).toBe(2);
    await send(first, '1 c'); // begun, and nobody there has answered
    await gone('1 c');
    await query('update session_days set day = day - 1 where session_id = $1', [number.session]);
    await gone('3 b');
    await until('both to arrive', async () => (await wire.textsOnPhone(third, number)).length === 2);
    expect(await wire.textsOnPhone(third, number)).toEqual(['3 a', '3 b']);
  }, 60_000);

  it('are fewer when somebody decided so, and none with none', async () => {
    await wire.api.call('PATCH', `/sessions/${number.session}`, { new_chats_per_day: 0 });
    await send(await stranger(), 'not today');
    await knownHears('as usual');
    expect(await waits('not today')).toMatchObject({ reason: 'new_chat_budget' });
    expect((await health()).new_chats_allowed).toEqual({ per_day: 0, because: 'setting' });
    await wire.api.call('PATCH', `/sessions/${number.session}`, { new_chats_per_day: null });
    await gone('not today');
  }, 60_000);
});

describe('a number that WhatsApp lets begin no chat', () => {
  it('holds back new chats alone, until WhatsApp lets it', async () => {
    const reachOutUntil = inHours(2);
    await restrict({ reachOutUntil });
    await until('it to be said', async () => (await session()).reach_out_until !== null);
    expect((await session()).reach_out_until).toBe(reachOutUntil);
    await send(await stranger(), 'hello');
    await knownHears('old friend');
    expect(await waits('hello')).toEqual({ status: 'queued', reason: 'reach_out_limited', time: reachOutUntil });
    await restrict({ reachOutUntil: null });
    await gone('hello');
    expect((await session()).reach_out_until).toBeNull();
  }, 60_000);

  it('goes on when the time has come, though nobody says so', async () => {
    const lock = (interval: string) =>
      query(`update sessions set reach_out_until = now() + ${interval} where id = $1`, [number.session]);
    await lock(`interval '1 hour'`);
    await send(await stranger(), 'patience');
    await knownHears('no patience');
    expect(await waits('patience')).toMatchObject({ reason: 'reach_out_limited' });
    await lock(`interval '-1 second'`);
    await gone('patience');
  }, 60_000);

  it('asks until when, after a refusal that nobody told of before; what was refused fails, and nothing else is tried', async () => {
    const reachOutUntil = inHours(2);
    await restrict({ reachOutUntil });
    await until('it to be said', async () => (await session()).reach_out_until !== null);
    await query('update sessions set reach_out_until = null where id = $1', [number.session]);
    await send(await stranger(), 'refused');
    await wire.api.waitForText(number.session, 'refused', ['failed']);
    expect((await message('refused'))?.error_code).toBe('reach_out_limited');
    await until('WhatsApp to answer', async () => (await session()).reach_out_until === reachOutUntil);
    await send(await stranger(), 'not tried');
    await knownHears('known');
    expect(await waits('not tried')).toMatchObject({ status: 'queued', reason: 'reach_out_limited' });
  }, 60_000);

  it('waits an hour after a refusal for which WhatsApp has no time', async () => {
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'rate-limit', code: 463, count: 1 });
    const before = Date.now();
    await send(await stranger(), 'refused once');
    await wire.api.waitForText(number.session, 'refused once', ['failed']);
    await until('it to hold', async () => (await session()).reach_out_until !== null);
    const held = Date.parse((await session()).reach_out_until ?? '');
    expect(held - before).toBeGreaterThan(HOUR_MS - 60_000);
    await send(await stranger(), 'later');
    await knownHears('of course');
    expect(await waits('later')).toMatchObject({ reason: 'reach_out_limited' });
  }, 60_000);

  it('heeds the quota that WhatsApp gives it, and says how much of it is used', async () => {
    const cycleEnds = inHours(3);
    await restrict({ newChats: { quota: 1, cycleEnds } });
    await until('it to be said', async () => (await session()).new_chat_quota !== null);
    await send(await stranger(), 'the one');
    await gone('the one');
    await until('it to be counted', async () => (await session()).new_chat_quota?.used === 1);
    await send(await stranger(), 'one too many');
    await knownHears('never too many');
    expect(await waits('one too many')).toEqual({ status: 'queued', reason: 'new_chat_quota', time: cycleEnds });
    expect((await session()).new_chat_quota).toEqual({ total: 1, used: 1, ends_at: cycleEnds });
    await restrict({ newChats: null });
    await gone('one too many');
  }, 60_000);

  it('learns of its quota when it connects', async () => {
    await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
    await until('it to rest', async () => (await session()).state === 'disconnected');
    await restrict({ newChats: { quota: 5, cycleEnds: inHours(3) } });
    await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
    const quota = () => session().then(({ new_chat_quota: known_ }) => known_ ?? undefined);
    expect(await until('it to be known', quota)).toMatchObject({ total: 5, used: 0 });
  }, 60_000);
});
