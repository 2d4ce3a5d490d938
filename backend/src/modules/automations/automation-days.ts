import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import { localDate } from '../../kernel/local-time.ts';
import { type Acting, AutomationActs, type Run, type ToldEvent } from './automation-acts.ts';
import { comingsIn, type Stretch, windowOf, yearsOn } from './automations-calendar.rules.ts';
import { zoneOf } from './automations.rules.ts';
import {
  type Changed,
  ContactDaysToldRepository,
  type DayTold,
  type Looking,
  PAGE,
  type Place,
} from './contact-days-told.repository.ts';

type Coming = Readonly<{ event: ToldEvent; automation: string }>;

/** Makes events of days of contacts that come, each once a year for each automation, in whatever order it hears of them. */
@Injectable()
export class AutomationDays {
  constructor(
    private readonly acts: AutomationActs,
    private readonly days: ContactDaysToldRepository,
  ) {}

  /** A page of what comes for one automation. @returns where the next one begins, and how many notifications were made */
  async takePage(
    run: Run,
    looking: Looking,
    { stretch, after, now }: Readonly<{ stretch: Stretch; after: Place; now: Date }>,
  ): Promise<{ next: Place | null; notifications: number }> {
    const rows = await this.days.inStretch(run, looking, stretch, after);
    const last = rows.at(-1);
    if (!last) return { next: null, notifications: 0 };
    const waiting = await this.acts.waitingFor(run, [{ organization: looking.organization_id, name: 'contact_day' }]);
    const notifications = await this.take(run, rows, waiting, now);
    const next = rows.length < PAGE ? null : { month: last.month, day: last.day, contact: last.contact_id };
    return { next, notifications };
  }

  /** What comes for contacts of which something changed; what was planned for a day that is another now is told no more. */
  async takeChanged(run: Run, changed: readonly Changed[], waiting: readonly Acting[], now: Date): Promise<number> {
    if (changed.length === 0) return 0;
    await this.days.cancel(run, changed, now);
    return this.take(run, await this.days.ofContacts(run, changed), waiting, now);
  }

  private async take(run: Run, rows: readonly DayTold[], waiting: readonly Acting[], now: Date): Promise<number> {
    const byId = new Map(waiting.map((one) => [one.id, one]));
    const comings = rows.flatMap((row) => {
      const automation = byId.get(row.automation_id);
      return automation ? comingsOf(row, automation, now) : [];
    });
    const of = new Map(comings.map(({ event, automation }) => [event.id, automation]));
    const events = comings.map(({ event }) => event);
    const wants = (automation: Acting, { id }: ToldEvent) => of.get(id) === automation.id;
    return (await this.acts.take(run, events, waiting, { now, wants })).notifications;
  }
}

/** Not what is over where the person is, nor what cannot be told before his number is known. */
function comingsOf(day: DayTold, automation: Acting, now: Date): Coming[] {
  const { phone_number: phone } = day;
  if (phone === null && automation.channel === 'whatsapp') return [];
  const today = localDate(now, zoneOf({ phone, timeZone: null }, automation.time_zone));
  return comingsIn(day, windowOf(now, automation.days_before ?? 0))
    .filter((date) => date >= today)
    .map((date) => ({ event: eventOf(day, date, automation.id), automation: automation.id }));
}

const eventOf = (day: DayTold, date: string, automation: string): ToldEvent => ({
  organization: day.organization_id,
  id: newId(),
  eventId: `contact_day ${day.id} ${date.slice(0, 4)} ${automation}`,
  name: 'contact_day',
  bodyHash: null,
  phone: day.phone_number,
  email: null,
  variables: { contact_name: day.contact_name ?? day.phone_number ?? '', day_name: day.name, ...yearsOn(day, date) },
  date,
  timeZone: null,
  session: null,
  relatedType: 'contact',
  relatedId: day.contact_id,
  contactDay: day.id,
});
