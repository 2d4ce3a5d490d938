import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { GroupRole } from '../sessions/session-groups.ts';
import { failureOf } from './group-failures.ts';
import { GroupNotFound } from './groups.errors.ts';
import { type GroupRefusal, type GroupVerb, refusalOf, type Ruled } from './groups.rules.ts';

/** What a number is in a group. */
export type Standing = Ruled & Readonly<{ id: string; subject: string; role: GroupRole | null }>;

const STANDING = `select g.id, g.kind, g.subject, g.locked, g.announcement, g.member_add_mode as "memberAddMode", p.role
  from groups g
  left join group_sessions n on n.group_id = g.id and n.session_id = $2
  left join group_participants p on p.id = n.participant_id
 where g.jid = $1 and g.told_at > '-infinity'`;

/** @throws GroupNotFound */
export async function standingOf(sql: TenantSql, jid: string, session: string): Promise<Standing> {
  const { rows } = await sql.query<Standing>({ name: 'groups.standing', text: STANDING, values: [jid, session] });
  if (!rows[0]) throw new GroupNotFound(jid);
  return rows[0];
}

/** Why it may not do this there; null: it may. */
export const refusalTo = (verb: GroupVerb, group: Standing): GroupRefusal | null => refusalOf(verb, group, group.role);

/** @throws NotInGroup | GroupAdminRequired | GroupIsCommunity */
export function assertMay(verb: GroupVerb, group: Standing): void {
  const why = refusalTo(verb, group);
  if (why) throw failureOf(why, null);
}
