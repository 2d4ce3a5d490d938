import { startOf } from '../activity/activity.rules.ts';

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

/**
 * All empty for everything. `from` and `to` are days, as `2026-03-31`, in the zone of who looks; `sender` is `user:<id>` or
 * `key:<id>`, and without either a person.
 */
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;

/** The same in the words of the API. A day that is only half typed asks for nothing. */
export function queryOf(filters: Filters): Record<string, string> {
  const [kind, sender] = filters.sender.includes(':') ? filters.sender.split(':') : ['user', filters.sender];
  const asked = {
    text: filters.text.trim(),
    session_id: filters.session,
    contact_id: filters.contact,
    direction: filters.direction,
    status: filters.status,
    type: filters.type,
    [kind === 'key' ? 'sent_by_key_id' : 'sent_by_user_id']: sender,
    trigger: filters.trigger,
    template_id: filters.template,
    job_id: filters.job,
    since: startOf(filters.from, 0),
    until: startOf(filters.to, 1),
  };
  return Object.fromEntries(Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1])));
}
