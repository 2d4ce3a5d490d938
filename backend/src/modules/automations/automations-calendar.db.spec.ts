import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { until } from '../../../../testing/until.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { NodeId } from '../../platform/signals/node-id.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { aContact, anOrganization } from '../../testing/factories.ts';
import { insert } from '../../testing/insert.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aConfig } from '../../testing/settings.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { AutomationActs } from './automation-acts.ts';
import { AutomationDays } from './automation-days.ts';
import { AutomationsCalendar } from './automations-calendar.ts';
import { AutomationsKeeper } from './automations-keeper.ts';
import { ContactDaysToldRepository, PAGE } from './contact-days-told.repository.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

Logger.overrideLogger(false); // a calendar whose page fails says so

let database: OpenDatabase;
let acme: OrganizationId;
let clock: TestClock;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await openDatabase();
  acme = await anOrganization(database.admin);
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await database.close();
});

const at = (now: string): void => void (clock = new TestClock(new Date(now)));

/** What one node has of it. */
async function aNode(): Promise<AutomationsCalendar> {
  const system = new SystemDb(database.pool('app_system', 2));
  const signals = new Signals(aConfig({ DATABASE_URL: database.url }), new NodeId());
  await signals.onModuleInit();
  closing.push(() => signals.onApplicationShutdown());
  const days = new AutomationDays(new AutomationActs(), new ContactDaysToldRepository());
  const calendar = new AutomationsCalendar(clock, signals, system, days, new AutomationsKeeper(system));
  closing.push(() => calendar.beforeApplicationShutdown());
  calendar.onApplicationBootstrap();
  return calendar;
}

async function anAutomation(over: object = {}, organization = acme): Promise<string> {
  const { id } = await insert(database.admin, 'automations', {
    organization_id: organization,
    id: newId(),
    name: 'Wishes',
    event: 'contact_day',
    day_name: 'Birthday',
    days_before: 0,
    local_hour: 9,
    channel: 'whatsapp',
    template_id: newId(),
    created_by: 'dana@example.com',
    plan_at: clock.now(),
    ...over,
  });
  return id;
}

/** By default somebody in Israel. */
async function born(
  month: number,
  day: number,
  over: object = {},
  contact: Record<string, unknown> = {},
  organization = acme,
) {
  const { id } = await aContact(database.admin, organization, contact);
  await aDay(id, month, day, over, organization);
  return id;
}
const aDay = (contact_id: string, month: number, day: number, over: object = {}, organization_id = acme) =>
  insert(database.admin, 'contact_days', {
    organization_id,
    id: newId(),
    contact_id,
    name: 'birthday',
    key: 'birthday',
    month,
    day,
    ...over,
  });

/** Every automation that is on has been looked through. */
const looked = () =>
  until('every calendar to be looked through', async () => {
    const { rows } = await database.admin.query<{ waits: boolean }>(
      `select exists (select from automations where enabled and plan_at <= $1::timestamptz + interval '61 s') as waits`,
      [clock.now()],
    );
    return rows[0]?.waits === false;
  });
const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await looked();
};
type Row = { contact: string; at: string; variables: Record<string, string> };
const planned = async (): Promise<Row[]> =>
  (
    await database.admin.query<{ related_id: string; scheduled_for: Date; variables: Record<string, string> }>(
      'select related_id, scheduled_for, variables from notifications order by scheduled_for, related_id',
    )
  ).rows.map(({ related_id: contact, scheduled_for: when, variables }) => ({
    contact,
    at: when.toISOString(),
    variables,
  }));
const times = async () => (await planned()).map((one) => one.at);

describe('a day of a contact', () => {
  it('is planned once, by whichever of two nodes, and again every year', async () => {
    at('2027-03-01T12:00:00Z');
    const noa = await born(3, 5, { year: 1990 }, { name: 'Noa', phone_number: '+972501234567' });
    await anAutomation();
    await Promise.all([aNode(), aNode()]);
    await looked();
    expect(await planned()).toEqual([]);
    await pass(2 * DAY_MS);
    const variables = { contact_name: 'Noa', phone_number: '+972501234567', day_name: 'birthday', years: '37' };
    expect(await planned()).toMatchObject([
      {
        contact: noa,
        at: '2027-03-05T07:00:00.000Z',
        variables: { ...variables, date: '2027-03-05', days_remaining: '0' },
      },
    ]);
    await pass(DAY_MS);
    await pass(DAY_MS);
    expect(await planned()).toHaveLength(1);
    await pass(363 * DAY_MS);
    await pass(DAY_MS);
    expect(await planned()).toMatchObject([{}, { at: '2028-03-05T07:00:00.000Z', variables: { years: '38' } }]);
  });

  it('is planned before its hour on every clock of the earth, and told on it', async () => {
    at('2027-03-04T00:00:00Z');
    const newZealand = await born(3, 5, {}, { phone_number: '+6421123456' });
    const kiribati = await born(3, 6, {}, { phone_number: '+68672012345' });
    const tokyo = await born(3, 6, {}, { phone_number: '+81312345678' });
    const israel = await born(3, 6, {}, { phone_number: '+972501234567' });
    await database.admin.query(`update organizations set time_zone = 'Pacific/Honolulu' where id = $1`, [acme]);
    await anAutomation({ local_hour: 0 });
    await aNode();
    await looked();
    const of = new Map((await planned()).map((one) => [one.contact, one.at]));
    expect(of.size).toBe(4);
    expect([of.get(tokyo), of.get(israel)]).toEqual(['2027-03-05T15:00:00.000Z', '2027-03-05T22:00:00.000Z']);
    // Of several zones nobody knows which it is: that of the organization counts.
    expect([of.get(newZealand), of.get(kiribati)]).toEqual(['2027-03-05T10:00:00.000Z', '2027-03-06T10:00:00.000Z']);
  });

  it('of 29 February is told on the 28th of a common year', async () => {
    at('2027-02-26T12:00:00Z');
    await born(2, 29, { year: 1996 });
    await anAutomation();
    await aNode();
    await looked();
    expect(await times()).toEqual(['2027-02-28T07:00:00.000Z']);
    await pass(365 * DAY_MS);
    await pass(DAY_MS);
    expect(await times()).toEqual(['2027-02-28T07:00:00.000Z', '2028-02-29T07:00:00.000Z']);
  });

  it('is told so many days before, also across New Year, with how many are left', async () => {
    at('2026-12-20T12:00:00Z');
    const late = await born(12, 24);
    const soon = await born(1, 3);
    await born(1, 20);
    await born(12, 10);
    await anAutomation({ days_before: 14 });
    await aNode();
    await looked();
    expect(await planned()).toMatchObject([
      { contact: late, at: '2026-12-21T07:00:00.000Z', variables: { date: '2026-12-24', days_remaining: '3' } },
      { contact: soon, at: '2026-12-21T07:00:00.000Z', variables: { date: '2027-01-03', days_remaining: '13' } },
    ]);
    await pass(15 * DAY_MS);
    expect(await times()).toHaveLength(3);
  });

  it('is caught up with by a node that was down, as long as its hour has not passed', async () => {
    at('2027-03-05T06:30:00Z');
    await born(3, 5);
    await born(3, 4); // over
    const passed = await born(3, 5, {}, { phone_number: '+81312345678' }); // half past three in the afternoon
    const automation = await anAutomation({ plan_at: new Date('2027-02-20T00:00:00Z') });
    await aNode();
    await looked();
    expect(await times()).toEqual(['2027-03-05T07:00:00.000Z']);
    const { rows } = await database.admin.query(
      `select r.reason, c.id from automation_runs r join contacts c on c.phone_number = r.recipient where automation_id = $1 and outcome = 'skipped'`,
      [automation],
    );
    expect(rows).toEqual([{ reason: 'too_late', id: passed }]);
  });

  it('is none of another organization’s, of another name, of a merged contact or of one without a number', async () => {
    at('2027-03-04T12:00:00Z');
    const other = await anOrganization(database.admin);
    const mine = await born(3, 5, { name: 'BIRTHDAY' });
    await born(3, 5, {}, { merged_into: mine });
    await born(3, 5, {}, { phone_number: null, lid: '12345' });
    await born(3, 5, { name: 'wedding', key: 'wedding' });
    await born(3, 5, {}, {}, other);
    await anAutomation();
    await anAutomation({ enabled: false });
    await anAutomation({ day_name: 'wedding' }, other);
    await aNode();
    await looked();
    expect(await planned()).toMatchObject([{ contact: mine }]);
  });
});

it('keeps events for more than a year, and those of which somebody is still to be told', async () => {
  at('2027-03-04T12:00:00Z');
  await born(3, 5);
  const automation = await anAutomation();
  const old = (days: number) =>
    insert(database.admin, 'private.automation_events', {
      organization_id: acme,
      id: newId(),
      event_id: `${days} days ago`,
      name: 'order_shipped',
      received_at: new Date(clock.now().getTime() - days * DAY_MS),
    });
  const [forgotten, waits] = [await old(401), await old(800)];
  await old(399);
  const later = new Date(clock.now().getTime() + DAY_MS);
  const { id: notification } = await insert(database.admin, 'notifications', {
    organization_id: acme,
    id: newId(),
    channel: 'whatsapp',
    recipient: '+972501234567',
    template_id: newId(),
    trigger: 'automation',
    scheduled_for: later,
    due_at: later,
  });
  for (const [event, notification_id] of [
    [forgotten.id, newId()],
    [waits.id, notification],
  ])
    await insert(database.admin, 'automation_runs', {
      organization_id: acme,
      id: newId(),
      automation_id: automation,
      event_id: event,
      outcome: 'acted',
      notification_id,
      created_at: clock.now(),
    });
  const known = async () =>
    (
      await database.admin.query<{ event_id: string }>(
        `select event_id from private.automation_events where event_id like '%ago' order by received_at`,
      )
    ).rows.map((row) => row.event_id);
  await aNode();
  await until('what is old to be forgotten', async () => (await known()).join() === '800 days ago,399 days ago');
  await looked();
  expect(await planned()).toHaveLength(2);
  await pass(366 * DAY_MS); // the event of the birthday is older than a year, and there
  await pass(DAY_MS);
  const { rows } = await database.admin.query(
    `select split_part(event_id, ' ', 3) as year from private.automation_events where name = 'contact_day' order by 1`,
  );
  expect(rows).toEqual([{ year: '2027' }, { year: '2028' }]);
});

describe('many days', () => {
  const MANY = PAGE + 3;
  const crowd = () =>
    database.admin.query(
      `with made as (
         insert into contacts (organization_id, id, phone_number)
         select $1, gen_random_uuid(), '+9725' || lpad(n::text, 8, '0') from generate_series(1, $2) n returning organization_id, id
       ) insert into contact_days (organization_id, id, contact_id, name, key, month, day)
         select organization_id, gen_random_uuid(), id, 'birthday', 'birthday', 3, 5 from made`,
      [acme, MANY],
    );

  it('are planned page by page, each once, for each automation, by two nodes', async () => {
    at('2027-03-04T12:00:00Z');
    await crowd();
    await anAutomation();
    await anAutomation({ local_hour: 18 });
    await Promise.all([aNode(), aNode()]);
    await looked();
    const all = await planned();
    expect(all).toHaveLength(2 * MANY);
    expect(new Set(all.map(({ contact, at: when }) => `${contact} ${when}`)).size).toBe(2 * MANY);
  }, 30_000);

  it('are all planned though a node dies between two pages', async () => {
    at('2027-03-04T12:00:00Z');
    await crowd();
    await anAutomation();
    await database.admin.query(
      `create function private.die() returns trigger language plpgsql as $$ begin
         if exists (select from notifications) then raise exception 'the power is gone'; end if; return null; end $$;
       create trigger die before insert on notifications for each statement execute function private.die()`,
    );
    const node = await aNode();
    await until('the first page', async () => (await planned()).length > 0);
    await node.beforeApplicationShutdown();
    expect(await planned()).toHaveLength(PAGE);
    await database.admin.query('drop trigger die on notifications; drop function private.die()');
    await aNode();
    await pass(2 * 60_000);
    expect(await planned()).toHaveLength(MANY);
  }, 30_000);
});
