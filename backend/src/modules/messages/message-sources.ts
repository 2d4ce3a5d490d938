import { CHANGES, type MessageFilter } from './messages.dto.ts';

/** The values of a statement, and their places in it. */
export class Values {
  readonly all: unknown[] = [];

  add(value: unknown, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}

/** Ids below `before`, from `since` on. */
export type Place = Readonly<{ before: string; since: string }>;

/**
 * Where messages are read from, as SQL: an index that has them in the order of their ids. Where it has several such rows of
 * messages, they are walked beside each other, each `part` by itself.
 */
export type Source = Readonly<{
  /** A query with one column, `part`. */
  parts: string;
  /** Tables with the messages as `x`. */
  from: string;
  on: string;
  /** Where the index has their ids. */
  id: string;
  /** So many of a part are looked at for one page. */
  most: number;
}>;

/** Some 20 ms of messages that lie in memory. */
const MOST = 10_000;
const MOST_OF_A_PART = 2_000;

const ONE: Source = { parts: 'select 1 as part', from: 'messages x', on: 'true', id: 'x.id', most: MOST };
const of = (on: string): Source => ({ ...ONE, on });
const partly = (parts: string, on: string): Source => ({ ...ONE, parts, on, most: MOST_OF_A_PART });

/** Everything that has not left is in the queue. */
const QUEUE: Source = {
  ...ONE,
  from: 'private.outbox o join messages x on x.organization_id = o.organization_id and x.id = o.message_id',
  id: 'o.message_id',
};
const QUEUED = new Set<string | undefined>(['pending', 'queued', 'sending']);

type SourceFor = (filter: MessageFilter) => ((values: Values) => Source) | 'words' | undefined;

/** From what leaves the fewest messages to what leaves the most. */
const SOURCES: readonly SourceFor[] = [
  ({ ids }) => ids && ((v) => of(`x.id = any (${v.add(ids, 'uuid[]')})`)),
  ({ conversation_id: id }) => id && ((v) => of(`x.conversation_id = ${v.add(id, 'uuid')}`)),
  ({ contact_id: id }) =>
    id &&
    ((v) =>
      partly(
        `select id as part from conversations where contact_id = ${v.add(id, 'uuid')}`,
        'x.conversation_id = parts.part',
      )),
  ({ job_id: id }) => id && ((v) => of(`x.job_id = ${v.add(id, 'uuid')}`)),
  ({ related_id: id }) => (id === undefined ? undefined : (v) => of(`x.related_id = ${v.add(id, 'text')}`)),
  ({ status, session_id: session }) =>
    status === 'failed'
      ? (v) =>
          partly(
            session ? `select ${v.add(session, 'uuid')} as part` : 'select id as part from sessions',
            'x.session_id = parts.part and x.failed_at is not null',
          )
      : undefined,
  ({ status }) => (status === 'cancelled' ? () => of('x.cancelled_at is not null') : undefined),
  ({ status }) => (QUEUED.has(status) ? () => QUEUE : undefined),
  ({ template_id: id }) => id && ((v) => of(`x.template_id = ${v.add(id, 'uuid')}`)),
  ({ text }) => (text === undefined ? undefined : 'words'),
  ({ sent_by_user_id: id }) => id && ((v) => of(`x.sent_by_user_id = ${v.add(id, 'uuid')}`)),
  ({ sent_by_key_id: id }) => id && ((v) => of(`x.sent_by_key_id = ${v.add(id, 'uuid')}`)),
  ({ type }) =>
    type && type !== 'text' ? (v) => of(`x.type = ${v.add(type, 'text')} and x.type <> 'text'`) : undefined,
  ({ session_id: id, direction }) =>
    id &&
    ((v) =>
      partly(
        `select unnest(${v.add(direction ? [direction] : ['inbound', 'outbound'], 'text[]')}) as part`,
        `x.session_id = ${v.add(id, 'uuid')} and x.direction = parts.part`,
      )),
];

/** The index that a filter is best asked of; `words`: that of the words that messages say. */
export function sourceOf(filter: MessageFilter): ((values: Values) => Source) | 'words' {
  for (const source of SOURCES) {
    const found = source(filter);
    if (found) return found;
  }
  return () => ONE;
}

/** All that a filter asks of `messages m`, as SQL. */
export function conditionsOf(filter: MessageFilter, values: Values): string[] {
  const equal = (column: string, value: string | undefined, type: string): string[] =>
    value === undefined ? [] : [`m.${column} = ${values.add(value, type)}`];
  return [
    ...(filter.ids ? [`m.id = any (${values.add(filter.ids, 'uuid[]')})`] : []),
    ...equal('session_id', filter.session_id, 'uuid'),
    ...equal('conversation_id', filter.conversation_id, 'uuid'),
    ...(filter.contact_id
      ? [
          `m.conversation_id in (select id from conversations where contact_id = ${values.add(filter.contact_id, 'uuid')})`,
        ]
      : []),
    ...equal('direction', filter.direction, 'text'),
    ...equal('status', filter.status, 'text'),
    ...(filter.type ? equal('type', filter.type, 'text') : [`m.type <> all (${values.add([...CHANGES], 'text[]')})`]),
    ...equal('trigger', filter.trigger, 'text'),
    ...equal('sent_by_user_id', filter.sent_by_user_id, 'uuid'),
    ...equal('sent_by_key_id', filter.sent_by_key_id, 'uuid'),
    ...equal('template_id', filter.template_id, 'uuid'),
    ...equal('job_id', filter.job_id, 'uuid'),
    ...equal('related_type', filter.related_type, 'text'),
    ...equal('related_id', filter.related_id, 'text'),
    ...(filter.since ? [`m.created_at >= ${values.add(filter.since, 'timestamptz')}`] : []),
    ...(filter.until ? [`m.created_at < ${values.add(filter.until, 'timestamptz')}`] : []),
    ...says(filter.text, values),
  ];
}

function says(text: string | undefined, values: Values): string[] {
  if (text === undefined) return [];
  const said = values.add(text, 'text');
  return [`m.text <> '' and private.says(m.text, private.query_of(${said}), private.patterns_of(${said}))`];
}

/**
 * Of each part the first messages that the conditions let through, and where a part was not looked at to its end, the place
 * above which all parts were: `ends`. Both of one moment.
 */
export function walkOf(
  { parts, from, on, id, most }: Source,
  conditions: readonly string[],
  { before, since, wanted }: Place & { wanted: number },
  values: Values,
): string {
  const read = `from ${from} where ${on} and ${id} < ${values.add(before, 'uuid')} and ${id} >= ${values.add(since, 'uuid')} order by ${id} desc`;
  return `with parts as materialized (${parts}), walked as materialized (
      select parts.part, f.id from parts cross join lateral (
        select m.id from (select x.* ${read} limit ${most}) m where ${conditions.join(' and ')} order by m.id desc limit ${wanted}) f
    ), ends as (
      select e.id from parts cross join lateral (select ${id} as id ${read} offset ${most - 1} limit 1) e
       where (select count(*) from walked where walked.part = parts.part) < ${wanted} order by e.id desc limit 1
    )
    select id, false as ends from walked union all select id, true from ends`;
}
