import { startOf } from '@/features/activity/activity.rules';

/** What is asked of the report, by its names in the address of the page. */
export const FILTERS = [
  'text',
  'session',
  'contact',
  'direction',
  'status',
  'type',
  'sender',
  'trigger',
  'template',
  'job',
  'from',
  'to',
] as const;

/** All empty for everything. `from` and `to` are days, as `2026-03-31`, in the zone of who looks. */
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;

/** The same in the words of the API. A day that is only half typed asks for nothing. */
export function queryOf(filters: Filters): Record<string, string> {
  const asked = {
    text: filters.text.trim(),
    session_id: filters.session,
    contact_id: filters.contact,
    direction: filters.direction,
    status: filters.status,
    type: filters.type,
    sent_by_user_id: filters.sender,
    trigger: filters.trigger,
    template_id: filters.template,
    job_id: filters.job,
    since: startOf(filters.from, 0),
    until: startOf(filters.to, 1),
  };
  return Object.fromEntries(Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1])));
}
