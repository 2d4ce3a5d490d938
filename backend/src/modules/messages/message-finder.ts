import { z } from 'zod';
import { ContactId, ConversationId, firstIdAt, MessageId, type OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import type { MessageFilter } from './messages.dto.ts';
import { conditionsOf, type Place, sourceOf, Values, walkOf } from './message-sources.ts';

const FIRST = '00000000-0000-0000-0000-000000000000';
const AFTER_LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** A message's id is of the clock of the node that made it, its time of the database's: so far apart they may be. */
const CLOCKS_APART_MS = 3_600_000;
/** Of what a text is said in, when more than that is asked. */
const CANDIDATES = 500;

export type FoundPage = { ids: string[]; next: string | null };

/**
 * One page of the messages that a filter lets through, the newest first, by their ids. It looks at a bounded number of
 * messages, however many there are and however seldom the filter lets one through: a page may have fewer than `limit`, and
 * `next` goes on behind what was looked at.
 */
export async function findMessages(
  tx: TenantTx,
  organization: OrganizationId,
  asked: MessageFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<FoundPage> {
  const filter = await asShown(tx, asked);
  const [cursor] = decodeCursor(organization, z.tuple([z.uuid()]), page.cursor) ?? [AFTER_LAST];
  const place = {
    before: least(cursor, filter.until ? firstIdAt(apart(filter.until, CLOCKS_APART_MS)) : AFTER_LAST),
    since: filter.since ? firstIdAt(apart(filter.since, -CLOCKS_APART_MS)) : FIRST,
  };
  const source = sourceOf(filter);
  const { ids, reached } =
    source === 'words'
      ? await byWords(tx, filter, place, page.limit)
      : await walk(tx, { filter, source, place }, page.limit);
  const shown = ids.slice(0, page.limit);
  const next = ids.length > page.limit ? (shown.at(-1) ?? null) : reached;
  return { ids: shown, next: next === null ? null : encodeCursor(organization, [next]) };
}

/** Up to one more than `limit`, and the id above which there are no others; null when there are none at all. */
type Looked = { ids: string[]; reached: string | null };

async function walk(
  tx: TenantTx,
  {
    filter,
    source,
    place,
  }: { filter: MessageFilter; source: Exclude<ReturnType<typeof sourceOf>, 'words'>; place: Place },
  limit: number,
): Promise<Looked> {
  const values = new Values();
  const text = walkOf(source(values), conditionsOf(filter, values), { ...place, wanted: limit + 1 }, values);
  const rows = await tx.$queryRawUnsafe<{ id: string; ends: boolean }[]>(text, ...values.all);
  const end = rows.find(({ ends }) => ends)?.id ?? null;
  const ids = rows.flatMap(({ id, ends }) => (ends || (end !== null && id < end) ? [] : [id]));
  return { ids: ids.toSorted().toReversed(), reached: end };
}

/** Which messages say something is told by the index of words; the rest of the filter is asked of those. */
async function byWords(tx: TenantTx, filter: MessageFilter, place: Place, limit: number): Promise<Looked> {
  const { text, since: _, until: __, ...rest } = filter;
  const alone = Object.values({ ...rest, cursor: undefined, limit: undefined }).every((value) => value === undefined);
  const wanted = alone ? limit + 1 + Math.ceil(limit / 4) : Math.max(CANDIDATES, limit + 1);
  const [found] = await tx.$queryRawUnsafe<{ ids: string[]; reached: string | null }[]>(
    'select ids, reached from private.find_messages($1, $2::uuid, $3::uuid, $4::int)',
    text,
    place.before,
    place.since,
    wanted,
  );
  if (!found || found.ids.length === 0) return { ids: [], reached: found?.reached ?? null };
  const values = new Values();
  const conditions = conditionsOf({ ...filter, text: undefined }, values);
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `select m.id from messages m where m.id = any (${values.add(found.ids, 'uuid[]')}) and ${conditions.join(' and ')}
      order by m.id desc limit ${limit + 1}`,
    ...values.all,
  );
  return { ids: rows.map(({ id }) => id), reached: found.reached };
}

const least = (a: string, b: string): string => (a.toLowerCase() < b ? a : b);
const apart = (time: string, ms: number): Date => new Date(new Date(time).getTime() + ms);

/** Of those who are merged messages lie where they are shown, and a change shows at what it changes. */
async function asShown(tx: TenantTx, filter: MessageFilter): Promise<MessageFilter> {
  const { ids, type, conversation_id: conversation, contact_id: contact } = filter;
  const select = { mergedInto: true } as const;
  const [chat, person] = [
    conversation === undefined ? null : await tx.conversation.findFirst({ where: { id: conversation }, select }),
    contact === undefined ? null : await tx.contact.findFirst({ where: { id: contact }, select }),
  ];
  return {
    ...filter,
    ...(ids && !type ? { ids: [...ids, ...(await changedBy(tx, ids))] } : {}),
    ...(chat?.mergedInto ? { conversation_id: ConversationId.parse(chat.mergedInto) } : {}),
    ...(person?.mergedInto ? { contact_id: ContactId.parse(person.mergedInto) } : {}),
  };
}

async function changedBy(tx: TenantTx, ids: readonly string[]): Promise<MessageId[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select distinct t.id::text as id from messages c
      join messages t on t.organization_id = c.organization_id and t.session_id = c.session_id and t.conversation_id = c.conversation_id
       and t.whatsapp_message_id = c.target_whatsapp_message_id and t.direction = c.target_direction
     where c.id = any (${ids}::uuid[])`;
  return rows.map(({ id }) => MessageId.parse(id));
}
