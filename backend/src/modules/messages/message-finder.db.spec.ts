import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { anOrganization } from '../../testing/factories.ts';
import { aMessageHistory } from '../../testing/message-history.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { findMessages } from './message-finder.ts';
import { CHANGES, MessageFilter } from './messages.dto.ts';

/** More than one page looks at. */
const LONG = 23_000;

let database: OpenDatabase;
let db: TenantDb;
let ours: OrganizationId;
let theirs: OrganizationId;
let all: Row[];
beforeAll(async () => {
  database = await openDatabase();
  db = new TenantDb(database.pool('app_tenant', 2));
  ours = await anOrganization(database.admin);
  theirs = await anOrganization(database.admin);
  await aMessageHistory(database.admin, theirs, 2_000);
  await aMessageHistory(database.admin, ours, LONG);
  all = await rowsOf(ours);
}, 120_000);
afterAll(() => database.close());

type Row = Record<string, unknown> & { id: string; text: string | null; created_at: Date };

const rowsOf = async (organization: OrganizationId): Promise<Row[]> =>
  (
    await database.admin.query<Row>(
      `select m.*, v.contact_id from messages m join conversations v on v.organization_id = m.organization_id and v.id = m.conversation_id
        where m.organization_id = $1 order by m.id desc`,
      [organization],
    )
  ).rows;

/** Every page of a filter, one after the other. */
async function found(filter: MessageFilter, limit = 1_000, of = ours): Promise<{ ids: string[]; pages: string[][] }> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ;) {
    const page = await db.asTenant(of, (tx) => findMessages(tx, of, filter, { cursor, limit }));
    pages.push(page.ids);
    expect(page.ids.length).toBeLessThanOrEqual(limit);
    if (page.next === null) return { ids: pages.flat(), pages };
    cursor = page.next;
  }
}

/** As people compare: without case, and without what is written above and below letters. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[\u064B-\u0652]/g, '');
const wordsIn = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const says = (text: string, asked: string): boolean =>
  wordsIn(asked).every((word) => wordsIn(text).includes(word)) &&
  plain(asked)
    .split(/\s+/)
    .every((part) => plain(text).includes(part));

/** The same by looking at every row. */
const expected = (filter: MessageFilter, rows = all): string[] => {
  const { ids, since, until, text, type, ...equal } = filter;
  return rows
    .filter(
      (row) =>
        Object.entries(equal).every(([name, value]) => row[name] === value) &&
        (type ? row['type'] === type : !(CHANGES as readonly unknown[]).includes(row['type'])) &&
        (!ids || (ids as readonly string[]).includes(row.id)) &&
        (!since || row.created_at >= new Date(since)) &&
        (!until || row.created_at < new Date(until)) &&
        (!text || (row.text !== null && says(row.text, text))),
    )
    .map(({ id }) => id);
};

/** One filter of each kind, and of some a seldom one. */
function filters(): MessageFilter[] {
  const one = (name: string, n = 0): string => {
    const values = all.map((row) => row[name]).filter((value) => typeof value === 'string');
    return [...new Set(values)].toSorted((a, b) => a.localeCompare(b))[n] ?? '';
  };
  const at = (share: number): string => new Date(all[Math.floor(share * (all.length - 1))]!.created_at).toISOString();
  return [
    {
      ids: all
        .filter((_, n) => n % 400 === 7)
        .map(({ id }) => id)
        .slice(0, 100)
        .join(','),
    },
    { session_id: one('session_id') },
    { conversation_id: one('conversation_id', 7) },
    { contact_id: one('contact_id', 3) },
    { direction: 'outbound' },
    { status: 'failed' },
    { status: 'cancelled' },
    { status: 'queued' },
    { status: 'read' },
    { type: 'poll' },
    { type: 'reaction' },
    { trigger: 'call_answer' },
    { sent_by_user_id: one('sent_by_user_id') },
    { sent_by_key_id: one('sent_by_key_id') },
    { template_id: one('template_id') },
    { job_id: one('job_id') },
    { related_type: 'invoice' },
    { related_id: '2' },
    { since: at(0.2) },
    { until: at(0.7) },
    { text: 'INVOICE' },
    { text: 'שלום' },
    { text: 'شكرا' },
    { text: '50%' },
    { text: 'under_score' },
  ].map((filter) => MessageFilter.parse(filter));
}

describe('finding messages', () => {
  it('finds by each filter alone what looking at every row finds, in order, and nothing twice', async () => {
    for (const filter of filters()) {
      const { ids } = await found(filter);
      expect({ filter, ids }).toEqual({ filter, ids: expected(filter) });
    }
  }, 120_000);

  it('finds by each two together what looking at every row finds', async () => {
    const each = filters();
    const pairs = each.flatMap((one, n) => each.slice(n + 1).map((other) => [one, other] as const));
    for (const [one, other] of pairs.filter(([a, b]) => !Object.keys(a).some((name) => name in b))) {
      const filter = { ...one, ...other };
      expect({ filter, ids: (await found(filter)).ids }).toEqual({ filter, ids: expected(filter) });
    }
  }, 300_000);

  it('has the same on small pages as on large ones', async () => {
    for (const filter of [{ text: 'invoice' }, { status: 'failed' }, { contact_id: String(all[0]?.['contact_id']) }]) {
      const parsed = MessageFilter.parse(filter);
      expect({ filter, ids: (await found(parsed, 60)).ids }).toEqual({ filter, ids: expected(parsed) });
    }
  }, 120_000);

  it('shows an organization nothing of another one, which says the same', async () => {
    const rows = await rowsOf(theirs);
    for (const text of ['invoice', '50%', '%', '🎉']) {
      const { ids } = await found({ text }, 1_000, theirs);
      expect({ text, ids }).toEqual({ text, ids: expected({ text }, rows) });
      expect(ids.length).toBeGreaterThan(0);
    }
  }, 60_000);

  it('takes % and _ for what they are, and finds what has no letters', async () => {
    for (const text of ['%', '_', '🎉', '50% off,', 'b/c?', "it's", '\\', "'", "' | 'invoice", 'a & b', '!!']) {
      const { ids } = await found({ text });
      expect({ text, ids }).toEqual({ text, ids: expected({ text }) });
    }
  }, 60_000);

  it('looks at a bounded number of messages a page, and goes on behind them', async () => {
    const { pages } = await found(MessageFilter.parse({ trigger: 'call_answer', status: 'failed', type: 'video' }));
    expect(pages.flat()).toEqual([]);
    const walked = await found({ trigger: 'call_answer', related_type: 'nothing' });
    expect(walked.pages.map((page) => page.length)).toEqual([0, 0, 0]);
    const unheard = await found({ text: '%%%' });
    expect(unheard.pages.length).toBeGreaterThanOrEqual(4);
  });

  it('has pages without doubles and without gaps while messages come', async () => {
    const before = expected({ direction: 'outbound' });
    const seen: string[] = [];
    for (let cursor: string | undefined, n = 1; ; n += 1) {
      const page = await db.asTenant(ours, (tx) =>
        findMessages(tx, ours, { direction: 'outbound' }, { cursor, limit: 1_000 }),
      );
      seen.push(...page.ids);
      await database.admin.query(
        `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id)
         select organization_id, private.id_of_history(now(), $2), session_id, conversation_id, 'outbound', 'text', 'new', 'sent', 'NEW' || $2
           from messages where organization_id = $1 limit 1`,
        [ours, LONG + n],
      );
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(before);
  });
});
