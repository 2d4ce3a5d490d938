import type { Media, MessageReaction, PollVote, Prisma } from '../../generated/prisma/client.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { contactOf } from '../contacts/contact-of.ts';
import { type FailedChange, failedChangesOf } from './failed-changes.ts';

/** Of a message's number: what says whether it may leave now. One relation after the other: a connection asks one thing at a time. */
export const WITH_SENDER = {
  session: {
    select: {
      state: true,
      quietFrom: true,
      quietTo: true,
      quietTimeZone: true,
      quietHoursOf: true,
      reachOutUntil: true,
      newChatQuota: true,
      newChatQuotaUsed: true,
      newChatQuotaEndsAt: true,
      newChatsPerDay: true,
      linkedAt: true,
      createdAt: true,
      organization: { select: { suspension: { select: { organizationId: true } } } },
    },
  },
} as const satisfies Prisma.MessageInclude;

type Bare = Prisma.MessageGetPayload<{ include: typeof WITH_SENDER }>;

/** Of a message that is queued: what of its chat, its file and its number's day says why it waits. */
export type Queued = Readonly<{
  newChat: number;
  asleepUntil: Date | null;
  /** Its file is to be read before it can leave. */
  readsFile: boolean;
  /** It was put back for a while; null otherwise. */
  againAt: Date | null;
  begunToday: number;
  tomorrow: Date;
}>;

const QUEUED = `select o.message_id as id, o.new_chat as "newChat", case when o.asleep and isfinite(o.send_after) then o.send_after end as "asleepUntil",
       m.media_id is not null and m.payload is null as "readsFile",
       case when o.attempts > 0 and not o.asleep and o.send_after > now() and isfinite(o.send_after) then o.send_after end as "againAt",
       coalesce(d.new_chats, 0) as "begunToday", ((now() at time zone z.time_zone)::date + 1)::timestamp at time zone z.time_zone as tomorrow
  from private.outbox o join organizations z on z.id = o.organization_id
  join messages m on m.organization_id = o.organization_id and m.id = o.message_id
  left join session_days d on d.organization_id = o.organization_id and d.session_id = o.session_id
        and d.day = (now() at time zone z.time_zone)::date
 where o.organization_id = any ($2::uuid[]) and o.message_id = any ($1::uuid[])`;

/** Somebody of a group. */
export type Writer = Readonly<{ id: string; name: string | null; phone_number: string | null }>;
/** How many of a group's people have a message, have read it, have played it. */
export type Reached = Readonly<{ id: string; delivered: number; read: number; played: number }>;

/** With what stands beside a message; each read for a whole page at once. */
export type MessageRow = Bare & {
  media: Media | null;
  reactions: readonly MessageReaction[];
  votes: readonly PollVote[];
  /** The message that it quotes, where we have it, and who wrote that in a group. */
  quoted: Readonly<{ id: string; writer: Writer | null }> | null;
  queued: Queued | null;
  sender: Writer | null;
  /** Of what left into a group. */
  reached: Reached | null;
  failedChanges: readonly FailedChange[];
  /** Of the job that it is one of. */
  jobState: string | null;
};

type Tx = TenantTx | SystemTx;

/** Adds what stands beside messages: a constant number of statements, however many they are and of whatever organizations. */
export async function complete(tx: Tx, rows: readonly Bare[]): Promise<MessageRow[]> {
  const media = byId(await files(tx, rows));
  const reactions = await reactionsTo(tx, rows);
  const votes = await votesIn(tx, rows);
  const quoted = await quotedBy(tx, rows);
  const queued = await queuedOf(tx, rows);
  const jobs = byId(await jobsOf(tx, rows));
  const failed = await failedAbout(tx, rows);
  const participants = [...rows, ...quoted.values()].map(({ participantId }) => participantId);
  const writers = byId(await writersOf(tx, organizationsOf(rows), participants));
  const reached = byId(await reachedBy(tx, rows));
  return rows.map((row) => ({
    ...row,
    media: media.get(row.mediaId ?? '') ?? null,
    reactions: reactions.filter(({ messageId }) => messageId === row.id),
    votes: votes.filter(({ messageId }) => messageId === row.id),
    quoted: quotedIn(quoted.get(row.id), writers),
    queued: queued.get(row.id) ?? null,
    sender: writers.get(row.participantId ?? '') ?? null,
    reached: reached.get(row.id) ?? null,
    failedChanges: failed.filter(({ messageId }) => messageId === row.id),
    jobState: jobs.get(row.jobId ?? '')?.state ?? null,
  }));
}

const byId = <Row extends { id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/** The system sees all organizations, and every key begins with theirs. */
const organizationsOf = (rows: readonly Bare[]) => [...new Set(rows.map(({ organizationId }) => organizationId))];

const named = (rows: readonly Bare[], ids: readonly string[]) => ({
  organizationId: { in: organizationsOf(rows) },
  id: { in: [...new Set(ids)] },
});
const about = (rows: readonly Bare[], ids: readonly string[]) => ({
  organizationId: { in: organizationsOf(rows) },
  messageId: { in: [...ids] },
});

function files(tx: Tx, rows: readonly Bare[]) {
  const ids = rows.flatMap(({ mediaId }) => (mediaId === null ? [] : [mediaId]));
  return ids.length > 0 ? tx.media.findMany({ where: named(rows, ids) }) : [];
}

function reactionsTo(tx: Tx, rows: readonly Bare[]) {
  const ids = rows.map(({ id }) => id);
  return ids.length > 0 ? tx.messageReaction.findMany({ where: about(rows, ids), orderBy: { reactedAt: 'asc' } }) : [];
}

function votesIn(tx: Tx, rows: readonly Bare[]) {
  const polls = rows.flatMap(({ id, type }) => (type === 'poll' ? [id] : []));
  return polls.length > 0 ? tx.pollVote.findMany({ where: about(rows, polls) }) : [];
}

function jobsOf(tx: Tx, rows: readonly Bare[]) {
  const ids = rows.flatMap(({ jobId }) => (jobId === null ? [] : [jobId]));
  return ids.length > 0 ? tx.job.findMany({ where: named(rows, ids) }) : [];
}

function failedAbout(tx: Tx, rows: readonly Bare[]): Promise<FailedChange[]> {
  const ids = rows.flatMap(({ id, targetWhatsappMessageId: target }) => (target === null ? [id] : []));
  return ids.length > 0 ? failedChangesOf(tx, ids, organizationsOf(rows)) : Promise.resolve([]);
}

const WRITERS = `select p.id, p.phone_number, coalesce(c.name, p.push_name) as name
  from group_participants p ${contactOf('c', 'p')}
 where p.organization_id = any ($1::uuid[]) and p.id = any ($2::uuid[])`;

/** Under the name that he has here, if he is a contact. */
export function writersOf(
  tx: Tx,
  organizations: readonly string[],
  participants: readonly (string | null)[],
): Promise<Writer[]> {
  const ids = participants.filter((id) => id !== null);
  if (ids.length === 0) return Promise.resolve([]);
  return tx.$queryRawUnsafe<Writer[]>(WRITERS, organizations, ids);
}

function reachedBy(tx: Tx, rows: readonly Bare[]): Promise<Reached[]> {
  const ids = rows.flatMap(({ id, recipients }) => (recipients === null ? [] : [id]));
  if (ids.length === 0) return Promise.resolve([]);
  return tx.$queryRaw<Reached[]>`
    select message_id as id, count(*)::int as delivered, count(read_at)::int as read, count(played_at)::int as played
      from message_receipts
     where organization_id = any (${organizationsOf(rows)}::uuid[]) and message_id = any (${ids}::uuid[]) group by message_id`;
}

async function queuedOf(tx: Tx, rows: readonly Bare[]): Promise<Map<string, Queued>> {
  const waiting = rows.filter(({ status }) => status === 'queued').map(({ id }) => id);
  if (waiting.length === 0) return new Map();
  const found = await tx.$queryRawUnsafe<(Queued & { id: string })[]>(QUEUED, waiting, organizationsOf(rows));
  return new Map(found.map((one) => [one.id, one]));
}

type Quoted = Readonly<{ id: string; participantId: string | null }>;

const quotedIn = (quoted: Quoted | undefined, writers: ReadonlyMap<string, Writer>): MessageRow['quoted'] =>
  quoted ? { id: quoted.id, writer: writers.get(quoted.participantId ?? '') ?? null } : null;

/** The messages that these quote, as far as they are here: by the id of the one that quotes. */
async function quotedBy(tx: Tx, rows: readonly Bare[]): Promise<Map<string, Quoted>> {
  const quoting = rows.flatMap(({ id, replyTo }) => (replyTo === null ? [] : [id]));
  if (quoting.length === 0) return new Map();
  const found = await tx.$queryRaw<(Quoted & { by: string })[]>`
    select distinct on (m.id) m.id as by, q.id, q.participant_id as "participantId" from messages m join messages q
        on q.organization_id = m.organization_id and q.session_id = m.session_id and q.conversation_id = m.conversation_id
       and q.whatsapp_message_id = m.reply_to ->> 'whatsapp_message_id'
     where m.organization_id = any (${organizationsOf(rows)}::uuid[]) and m.id = any (${quoting}::uuid[])
     order by m.id, q.direction <> m.reply_to ->> 'direction'`;
  return new Map(found.map(({ by, ...quoted }) => [by, quoted]));
}
