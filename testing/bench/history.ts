import pg from 'pg';
import { ApiClient } from '../house/api-client.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import type { Figure } from './figure.ts';

const FEW = 10_000;
const MANY = Number(process.env['BENCH_MESSAGES'] ?? 5_000_000);
/** Messages of one conversation, whatever there are in all. */
const EACH = 100;
const ASKED = 40;
/** Sessions by which a report may be asked for something that is hardly ever there. */
const BATCH = 250_000;

/** What people open, of an organization with a history: what of it differs with its length? */
const OPENED: readonly { name: string; path: (of: Opened) => string }[] = [
  { name: 'inbox', path: () => '/conversations?limit=30' },
  { name: 'inbox of one number', path: ({ session }) => `/conversations?limit=30&session_id=${session}` },
  { name: 'chat', path: ({ conversation }) => `/messages?limit=50&conversation_id=${conversation}` },
  { name: 'report', path: () => '/messages?limit=50' },
  { name: 'report of what has failed', path: () => '/messages?limit=50&direction=outbound&status=failed' },
  { name: 'report of polls', path: () => '/messages?limit=50&type=poll' },
  { name: 'report with names', path: () => '/messages/report?limit=50' },
  {
    name: 'report of what is never there',
    path: () => '/messages/report?limit=50&trigger=call_answer&related_type=none',
  },
  { name: 'report of a word that all say', path: () => '/messages/report?limit=50&text=message' },
  { name: 'report of a word that few say', path: () => '/messages/report?limit=50&text=99999' },
  { name: 'report of a word that nobody says', path: () => '/messages/report?limit=50&text=zebra' },
  { name: 'report of a sign', path: () => '/messages/report?limit=50&text=%25' },
];

type Opened = { session: string; conversation: string };

/** Writes an organization's past straight into its tables: a conversation after the other, a message a second. */
async function writeHistory(
  database: pg.Client,
  { organization, session }: { organization: string; session: string },
  messages: number,
): Promise<string> {
  const people = messages / EACH;
  await database.query(
    `insert into contacts (organization_id, id, phone_number, name)
     select $1, gen_random_uuid(), '+9725' || lpad(n::text, 9, '0'), 'Person ' || n from generate_series(1, $2::int) n`,
    [organization, people],
  );
  await database.query(
    `insert into conversations (organization_id, id, session_id, contact_id)
     select $1, gen_random_uuid(), $2, id from contacts where organization_id = $1`,
    [organization, session],
  );
  await database.query(
    'create temp table place as select id, row_number() over () - 1 as n from conversations where organization_id = $1',
    [organization],
  );
  await database.query('create index on place (n)');
  for (let from = 0; from < messages; from += BATCH) {
    // UUIDv7 of one second after the other, as they would have come; one in a hundred thousand has failed.
    await database.query(
      `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id, created_at, sent_at, failed_at)
       select $1, private.bench_uuid(at, nth), $2, place.id, case when nth % 3 = 0 then 'outbound' else 'inbound' end, 'text',
              'Message number ' || nth, case when nth % 3 > 0 then 'received' when nth % 100000 = 99999 then 'failed' else 'read' end,
              'BENCH' || nth, at, at, case when nth % 3 = 0 and nth % 100000 = 99999 then at end
         from generate_series($3::int, $3::int + least($4::int, $5::int - $3::int) - 1) g (nth)
         cross join lateral (select now() - ($5::int - nth) * interval '1 second' as at) t
         join place on place.n = nth % $6::int`,
      [organization, session, from, BATCH, messages, people],
    );
  }
  await database.query(
    `update conversations v set last_message_id = m.id, last_message_at = m.created_at
       from (select distinct on (conversation_id) conversation_id, id, created_at from messages where organization_id = $1 order by conversation_id, id desc) m
      where v.organization_id = $1 and v.id = m.conversation_id`,
    [organization],
  );
  const { rows } = await database.query<{ id: string }>('select id from place where n = 1');
  await database.query('drop table place');
  return rows[0]?.id ?? '';
}

/** Of the middle of many answers, in ms, from the request to the last byte. */
async function medianMs(api: ApiClient, path: string): Promise<number> {
  const tookMs: number[] = [];
  for (let n = 0; n < ASKED; n += 1) {
    const askedAt = performance.now();
    await api.call('GET', path);
    tookMs.push(performance.now() - askedAt);
  }
  return tookMs.toSorted((a, b) => a - b)[ASKED / 2] ?? 0;
}

/** Opening what people open, of a short and of a long history, in one database and at the same time. */
export async function history(): Promise<Figure[]> {
  const house = await House.start();
  const database = new pg.Client({ connectionString: house.adminUrl });
  try {
    const long = await house.link(await house.register(0, 'Long'), 'Long');
    const short = await house.link(await house.register(0, 'Short'), 'Short');
    await database.connect();
    await database.query(
      `create function private.bench_uuid(at timestamptz, n bigint) returns uuid language sql immutable as $$
         select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
           || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`,
    );
    await database.query('set session_replication_role = replica'); // references are right, and checking each takes longer
    const opened = new Map<LinkedNumber, Opened>();
    for (const [number, messages] of [
      [long, MANY],
      [short, FEW],
    ] as const) {
      const organization = number.api.organization ?? '';
      const conversation = await writeHistory(database, { organization, session: number.session }, messages);
      opened.set(number, { session: number.session, conversation });
    }
    await database.query('vacuum (analyze) messages, conversations, contacts');
    const figures: Figure[] = [];
    for (const { name, path } of OPENED) {
      const measure = (number: LinkedNumber) =>
        medianMs(number.api, path(opened.get(number) ?? { session: '', conversation: '' }));
      await measure(short); // prepares what is prepared once
      const [few, many] = [await measure(short), await measure(long)];
      const baseline = { name: `of ${FEW.toLocaleString('en')}`, value: few };
      figures.push({
        name: `${name} of ${MANY.toLocaleString('en')} messages, ms`,
        better: 'less',
        wasel: many,
        baseline,
      });
      process.stderr.write(`${name}: ${few.toFixed(1)} ms of few, ${many.toFixed(1)} ms of many\n`);
    }
    return figures;
  } finally {
    await database.end().catch(() => undefined);
    await house.stop();
  }
}
