import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { addEvents } from './group-events.ts';
import type { GroupFacts, GroupSnapshot } from '../sessions/session-groups.ts';

/** A group's row, locked until the transaction ends. */
export type GroupRecord = Readonly<{
  id: string;
  /** Somebody has said what it is. */
  told: boolean;
  /** How many are in it. */
  size: number;
}>;

/** In one order, as everybody locks them. */
const LOCK = `select id, jid, told_at > '-infinity' as told, size from groups where jid = any ($1) order by jid for update`;

/** Groups of which something is heard that does not say what they are. */
const MENTION = `insert into groups (organization_id, id, jid, subject)
  select private.current_organization(), g.id, g.jid, '' from unnest($1::uuid[], $2::text[]) as g (id, jid) order by g.jid
  on conflict (organization_id, jid) do nothing`;

/** What is newer than this stays. */
const TELL = `update groups o
     set kind = g.kind, community_jid = g.community_jid, subject = g.subject, description = g.description, announcement = g.announcement,
         locked = g.locked, member_add_mode = g.member_add_mode, join_approval = g.join_approval,
         ephemeral_seconds = g.ephemeral_seconds, addressing = g.addressing, founded_at = g.founded_at, ended_at = null, end_reason = null,
         told_at = $12, updated_at = now()
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::text[], $9::boolean[], $10::int[],
                $11::timestamptz[], $13::text[])
      as g (id, kind, community_jid, subject, description, announcement, locked, member_add_mode, join_approval, ephemeral_seconds, founded_at, addressing)
   where o.id = g.id and o.told_at <= $12`;

/** The rows of these groups, made where there are none, by their jids. */
export async function lockGroups(sql: TenantSql, jids: readonly string[]): Promise<Map<string, GroupRecord>> {
  const distinct = [...new Set(jids)];
  await sql.query({ name: 'groups.mention', text: MENTION, values: [distinct.map(() => newId()), distinct] });
  const { rows } = await sql.query<GroupRecord & { jid: string }>({
    name: 'groups.lock',
    text: LOCK,
    values: [distinct],
  });
  return new Map(rows.map(({ jid, ...group }) => [jid, group]));
}

/** What groups are, as of `at`. The groups are locked. */
export async function tellGroups(
  sql: TenantSql,
  groups: ReadonlyMap<string, GroupRecord>,
  snapshots: readonly GroupSnapshot[],
  at: Date,
): Promise<void> {
  const facts = snapshots.map((snapshot) => snapshot.facts);
  await sql.query({
    name: 'groups.tell',
    text: TELL,
    values: [
      snapshots.map(({ jid }) => groups.get(jid)?.id),
      facts.map(({ kind }) => kind),
      facts.map(({ communityJid }) => communityJid),
      facts.map(({ subject }) => subject),
      facts.map(({ description }) => description),
      facts.map(({ announcement }) => announcement),
      facts.map(({ locked }) => locked),
      facts.map(({ memberAddMode }) => memberAddMode),
      facts.map(({ joinApproval }) => joinApproval),
      facts.map(({ ephemeralSeconds }) => ephemeralSeconds),
      facts.map(({ foundedAt }) => foundedAt),
      at,
      facts.map(({ addressing }) => addressing),
    ],
  });
}

const END = `with ended as (
    update groups set ended_at = $2, end_reason = $3, updated_at = now(),
                      told_at = case when told_at > '-infinity' then $2 else told_at end
     where id = $1 and told_at <= $2 returning id
  ), open as (
    update group_sessions n set stale_at = null from ended where n.group_id = ended.id and n.stale_at <= $2
  )
  update group_participants p set role = null, changed_at = $2 from ended
   where p.group_id = ended.id and p.role is not null and p.changed_at <= $2`;

/** There is no such group any more, and nobody in it. It is locked. */
export async function endGroup(
  sql: TenantSql,
  id: string,
  { at, reason }: Readonly<{ at: Date; reason: string | null }>,
): Promise<void> {
  await sql.query({ name: 'groups.end', text: END, values: [id, at, reason] });
  await addEvents(sql, [], [id]);
}

/** The columns that a change can name. */
const COLUMNS: Readonly<Partial<Record<keyof GroupFacts, string>>> = {
  subject: 'subject',
  description: 'description',
  announcement: 'announcement',
  locked: 'locked',
  memberAddMode: 'member_add_mode',
  joinApproval: 'join_approval',
  ephemeralSeconds: 'ephemeral_seconds',
};

/** One thing about a group is another now. What was told later stays. */
export async function changeGroup(sql: TenantSql, id: string, change: Partial<GroupFacts>, at: Date): Promise<void> {
  const named = Object.entries(COLUMNS).filter(([name]) => name in change);
  if (named.length === 0) return;
  const set = named.map(([, column], n) => `${column} = $${n + 3}`).join(', ');
  await sql.query(`update groups set ${set}, updated_at = now() where id = $1 and told_at <= $2`, [
    id,
    at,
    ...named.map(([name]) => change[name as keyof GroupFacts]),
  ]);
}
