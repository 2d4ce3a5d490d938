type Dated = Readonly<{ created_at: string; sent_at: string | null }>;

/** When it was said; a message that has not left yet is as old as it is. */
export const timeOf = ({ sent_at: sent, created_at: created }: Dated): Date => new Date(sent ?? created);

/** In the zone of who looks. */
export const isSameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString();

export const isDayBefore = (one: Date, other: Date): boolean =>
  isSameDay(one, new Date(other.getFullYear(), other.getMonth(), other.getDate() - 1));

/**
 * Messages by the day on which they were said.
 *
 * @param messages the newest first, as the API lists them
 * @returns the oldest first, days and messages; what is listed out of order stays where it was listed
 */
export function byDay<M extends Dated>(messages: readonly M[]): { day: Date; messages: M[] }[] {
  const days: { day: Date; messages: M[] }[] = [];
  for (const message of messages.toReversed()) {
    const day = timeOf(message);
    const last = days.at(-1);
    if (last && isSameDay(last.day, day)) last.messages.push(message);
    else days.push({ day, messages: [message] });
  }
  return days;
}
