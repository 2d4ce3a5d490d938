import { EVENT_FIELDS, OWN_EVENTS } from './automations.words.ts';

/** Of every event. */
const ALWAYS = ['event'];

/** Its fields are those that Wasel tells, and no others. */
export const isToldByWasel = (event: string): boolean => (OWN_EVENTS as readonly string[]).includes(event);

/**
 * Variables of a template that have no value by what is known of an event beforehand: neither a text, nor a field that every
 * such event has. Whoever tells the event may still bring them.
 */
export const unfilledIn = (
  variables: readonly string[],
  event: string,
  mapping: Readonly<Record<string, Readonly<{ field: string } | { text: string }>>>,
): string[] => {
  const known = new Set([...ALWAYS, ...(EVENT_FIELDS[event] ?? [])]);
  return variables.filter((name) => {
    const source = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
    return source && 'text' in source ? source.text.trim() === '' : !known.has(source?.field ?? name);
  });
};
