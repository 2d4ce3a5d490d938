import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, whatsAppIdOf } from '../../testing/wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start();
}, 60_000);
afterAll(() => wire.close());

it('a text and a name that Postgres cannot keep as they are stop nothing', async () => {
  const [number, hostile, customer] = await Promise.all([
    wire.link(),
    wire.phones.createPhone({ name: 'Eve\0' }),
    wire.phones.createPhone(),
  ]);
  const write = (from: string, text: string) =>
    wire.phones.send(from, { to: number.phone, text, id: whatsAppIdOf(text) });
  await write(hostile, 'half\0hidden');
  await write(customer, 'an honest question');
  const received = await until('both', async () => {
    const texts = await wire.textsReceived(number);
    return texts.length === 2 && texts;
  });
  expect(received.toSorted()).toEqual(['an honest question', 'half\uFFFDhidden']);
  await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
  await write(customer, 'and another');
  await until('the next', async () => (await wire.textsReceived(number)).includes('and another'));
}, 60_000);

it('what the database refuses waits in the inbox, what it refuses for a moment does not, and neither holds anybody up', async () => {
  const [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  const { admin } = wire.app.database;
  await admin.query(`
    create sequence moments;
    grant usage on moments to public;
    create function refuse() returns trigger language plpgsql as $$ begin
      if new.text like 'refused%' or new.text = 'not yet' and nextval('public.moments') < 3
        then raise exception 'refused' using errcode = '23514'; end if;
      return new; end $$;
    create trigger refuse before insert on messages for each row execute function refuse()`);
  const texts = ['before', 'refused 1', 'between', 'not yet', 'refused 2', 'after'];
  for (const text of texts) await wire.phones.send(customer, { to: number.phone, text });
  await until('what is not refused', async () => {
    const received = await wire.textsReceived(number);
    return ['before', 'between', 'not yet', 'after'].every((text) => received.includes(text));
  });
  expect(await wire.textsReceived(number)).toHaveLength(4);
  await admin.query('drop function refuse cascade');
  await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
  await until('the rest', async () => (await wire.textsReceived(number)).length === texts.length);
}, 60_000);
