import type { QuietHours, QuietHoursOf } from '../sessions/sessions.dto.ts';
import { quietHoursOf } from '../sessions/sessions.views.ts';
import type { Holds } from './outbox.rules.ts';

/** How a number sends. */
export type SendSettings = Holds &
  Readonly<{
    /** Hours in which people are not written to, each by his own clock; null: `quietHours` are the number's, or there are none. */
    recipientsHours: QuietHours | null;
    maxPerMinute: number | null;
    newChatsPerDay: number | null;
    linkedAt: Date;
    /** WhatsApp refuses what is not an established chat, by the database's clock. */
    locked: boolean;
  }>;

export const SETTINGS = `select array[quiet_from, quiet_to, quiet_time_zone] as quiet, quiet_hours_of, max_per_minute, new_chats_per_day,
       coalesce(linked_at, created_at) as linked_at, coalesce(reach_out_until > now(), false) as locked,
       exists (select from private.organization_suspensions where organization_id = $1) as suspended
  from sessions where organization_id = $1 and id = $2`;

export type SettingsRow = {
  quiet: [string | null, string | null, string | null];
  quiet_hours_of: QuietHoursOf;
  max_per_minute: number | null;
  new_chats_per_day: number | null;
  linked_at: Date;
  locked: boolean;
  suspended: boolean;
};

/** By whose clock the quiet hours of a number are read. */
export const splitQuietHours = (
  quiet: QuietHours | null,
  of: QuietHoursOf,
): Readonly<{ quietHours: QuietHours | null; recipientsHours: QuietHours | null }> =>
  of === 'recipient' ? { quietHours: null, recipientsHours: quiet } : { quietHours: quiet, recipientsHours: null };

export const toSettings = (row: SettingsRow | undefined): SendSettings => ({
  ...splitQuietHours(row ? quietHoursOf(...row.quiet) : null, row?.quiet_hours_of ?? 'number'),
  maxPerMinute: row?.max_per_minute ?? null,
  newChatsPerDay: row?.new_chats_per_day ?? null,
  linkedAt: row?.linked_at ?? new Date(0),
  locked: row?.locked ?? false,
  suspended: row?.suspended ?? false,
});
