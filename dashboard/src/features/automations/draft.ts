import type { AutomationView, CreateAutomation } from '@wasel/backend/contract';
import { AUTOMATION_EVENTS, OWN_EVENTS } from '@wasel/backend/contract/words';
import type { z } from 'zod';

/** Any event that is none of Wasel's. */
export const CUSTOM = 'custom';
export const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;
export type Unit = keyof typeof UNITS;

export type DraftCondition = Readonly<{ field: string; operator: string; value: string }>;
export type DraftSource = Readonly<{ kind: 'field' | 'text'; value: string }>;

/** An automation as the form has it. */
export type Draft = Readonly<{
  name: string;
  event: string;
  customEvent: string;
  keywords: string;
  keywordMatch: string;
  dayName: string;
  daysBefore: string;
  localHour: string;
  conditions: readonly DraftCondition[];
  delay: string;
  unit: Unit;
  channel: string;
  subject: string;
  session: string;
  template: string;
  variables: Readonly<Record<string, DraftSource>>;
}>;

const isKnown = (event: string): boolean => (AUTOMATION_EVENTS as readonly string[]).includes(event);

/** What Wasel sees by itself has no date, but for a day of a contact. */
export const hasDate = (event: string): boolean =>
  event === 'contact_day' || !(OWN_EVENTS as readonly string[]).includes(event);

/** What has nothing but a date. */
export const needsDate = (event: string): boolean => event === 'contact_day' || event === 'subscription_expiring';

/** In the largest unit in which it is whole. */
function delayOf(minutes: number): { delay: string; unit: Unit } {
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => minutes > 0 && minutes % UNITS[one] === 0);
  return { delay: String(minutes / UNITS[unit ?? 'minutes']), unit: unit ?? 'minutes' };
}

export const draftOf = (automation: AutomationView | null): Draft => ({
  name: automation?.name ?? '',
  event: !automation ? 'message_received' : isKnown(automation.event) ? automation.event : CUSTOM,
  customEvent: automation && !isKnown(automation.event) ? automation.event : '',
  keywords: automation?.keywords.join(', ') ?? '',
  keywordMatch: automation?.keyword_match ?? 'whole',
  dayName: automation?.day_name ?? '',
  daysBefore: automation?.days_before === null || !automation ? '' : String(automation.days_before),
  localHour: String(automation?.local_hour ?? 9),
  conditions: automation?.conditions.map(({ value = '', ...rest }) => ({ ...rest, value })) ?? [],
  ...delayOf(automation?.delay_minutes ?? 0),
  channel: automation?.channel ?? 'whatsapp',
  subject: automation?.subject ?? '',
  session: automation?.session_id ?? '',
  template: automation?.template_id ?? '',
  variables: Object.fromEntries(
    Object.entries(automation?.variables ?? {}).map(([name, source]) => [
      name,
      'text' in source ? { kind: 'text', value: source.text } : { kind: 'field', value: source.field },
    ]),
  ),
});

export const eventOf = (draft: Draft): string => (draft.event === CUSTOM ? draft.customEvent.trim() : draft.event);

/** Of each variable that is asked for where its value comes from, as far as somebody said so. */
export const mappingOf = (
  draft: Draft,
  asked: readonly string[],
): Record<string, { text: string } | { field: string }> =>
  Object.fromEntries(
    asked.flatMap((name): [string, { text: string } | { field: string }][] => {
      const source = draft.variables[name];
      if (!source || source.value.trim() === '') return [];
      return [[name, source.kind === 'text' ? { text: source.value } : { field: source.value.trim() }]];
    }),
  );

/** What is sent of it. @param asked the variables of the template; others are left aside */
export function wantedOf(draft: Draft, asked: readonly string[]): z.input<typeof CreateAutomation> {
  const event = eventOf(draft);
  const dated = hasDate(event) && draft.daysBefore !== '';
  return {
    name: draft.name,
    event,
    keywords: event === 'message_received' ? wordsIn(draft.keywords) : [],
    keyword_match: draft.keywordMatch === 'contains' ? 'contains' : 'whole',
    day_name: event === 'contact_day' ? draft.dayName.trim() : null,
    days_before: dated ? Number(draft.daysBefore) : null,
    local_hour: dated ? Number(draft.localHour) : null,
    conditions: draft.conditions.filter(({ field }) => field.trim() !== '') as z.input<
      typeof CreateAutomation
    >['conditions'],
    delay_minutes: Math.round(Number(draft.delay || 0) * UNITS[draft.unit]),
    channel: draft.channel === 'email' ? 'email' : 'whatsapp',
    subject: draft.channel === 'email' ? draft.subject : null,
    session_id: draft.session === '' || draft.channel === 'email' ? null : draft.session,
    template_id: draft.template,
    variables: mappingOf(draft, asked),
  };
}

/** Words with commas between, also as they are written in Arabic. */
export const wordsIn = (text: string): string[] =>
  text
    .split(/[,،\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
