import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Actor } from '../auth/caller.ts';
import type { GroupRole } from '../sessions/session-groups.ts';
import type { Lease, Peer } from '../sessions/session-traffic.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import type { GroupActionKind, GroupActionResult, GroupActionView, GroupPerson } from './group-actions.dto.ts';
import { GroupActionNotFound } from './groups.errors.ts';

/** What is asked for, as the request said it. */
export type GroupActionArgs = Readonly<Record<string, unknown>>;

export type GroupActionRow = Readonly<{
  id: string;
  session_id: string;
  group_jid: string | null;
  kind: GroupActionKind;
  args: GroupActionArgs;
  state: GroupActionView['state'];
  result: GroupActionResult | null;
  error_code: string | null;
  whatsapp_code: number | null;
  requested_by: string;
  requested_by_type: Actor['type'];
  requested_by_id: string | null;
  requested_at: Date;
  ended_at: Date | null;
  /** Of which it is a step. */
  addition_id: string | null;
}>;

/** One that a node has taken. */
export type ClaimedAction = GroupActionRow &
  Readonly<{
    /** Somebody began it before, and it is not known how far he came. */
    interrupted: boolean;
    /** This one included. */
    tries: number;
    /** It waited so long for its number that nobody expects it any more. */
    late: boolean;
  }>;

export type Ending = Readonly<{
  state: 'done' | 'failed';
  jid?: string | null;
  result?: GroupActionResult;
  error?: Readonly<{ code: string; whatsappCode: number | null }>;
}>;

const COLUMNS = `id, session_id, group_jid, kind, args, state, result, error_code, whatsapp_code, requested_by, requested_by_type, requested_by_id,
       requested_at, ended_at, addition_id`;

/** What waits longer than this for its number is not begun any more. */
const LATE = `interval '15 minutes'`;
const KEPT = `interval '90 days'`;

const ADD = `insert into private.group_actions (organization_id, id, session_id, group_jid, kind, args, requested_by, requested_by_type, requested_by_id)
  values (private.current_organization(), $1, $2, $3, $4, $5, $6, $7, $8)`;

/** The oldest: what was begun and not ended, or what waits. `$2` the lease's epoch. Nothing while the organization is suspended. */
const CLAIM = `with next as (
    select id, state = 'running' as interrupted, state = 'queued' and requested_at < now() - ${LATE} as late
      from private.group_actions
     where session_id = $1 and ended_at is null and (epoch is null or epoch <= $2)
       and not exists (select from private.organization_suspensions)
     order by id limit 1 for update
  )
  update private.group_actions a
     set state = 'running', epoch = $2, tries = a.tries + 1, started_at = coalesce(a.started_at, now())
    from next where a.id = next.id
  returning ${COLUMNS.replaceAll(/\b(\w+)\b/g, 'a.$1')}, a.tries, next.interrupted, next.late`;

/** Only by whom it was taken. */
const END = `update private.group_actions
     set state = $3, group_jid = coalesce(group_jid, $4), result = $5, error_code = $6, whatsapp_code = $7, ended_at = now()
   where id = $1 and epoch = $2 and ended_at is null`;

/** WhatsApp tells of a group that was asked for under this key. */
const MADE = `update private.group_actions set group_jid = $2 where id = $1 and kind = 'create' and group_jid is null`;

const PEOPLE = `select p.lid, p.phone_number as phone, p.role from group_participants p join groups g on g.id = p.group_id
  where g.jid = $1 and (p.lid = any ($2) or p.phone_number = any ($3))`;

/** What is asked of groups, and what becomes of it. */
@Injectable()
export class GroupActionsRepository {
  async add(
    sql: TenantSql,
    action: Pick<GroupActionRow, 'session_id' | 'group_jid' | 'kind' | 'args'>,
    by: Actor,
  ): Promise<string> {
    const id = newId();
    const { session_id: session, group_jid: jid, kind, args } = action;
    await sql.query({
      name: 'group_actions.add',
      text: ADD,
      values: [id, session, jid, kind, JSON.stringify(args), by.name, by.type, by.id],
    });
    return id;
  }

  /** @throws GroupActionNotFound */
  async get(sql: TenantSql, id: string): Promise<GroupActionRow> {
    const { rows } = await sql.query<GroupActionRow>({
      name: 'group_actions.get',
      text: `select ${COLUMNS} from private.group_actions where id = $1`,
      values: [id],
    });
    if (!rows[0]) throw new GroupActionNotFound(id);
    return rows[0];
  }

  /** The next one of a number; its lease is held. */
  async claim(sql: TenantSql, { session, epoch }: Lease): Promise<ClaimedAction | null> {
    const { rows } = await sql.query<ClaimedAction>({
      name: 'group_actions.claim',
      text: CLAIM,
      values: [session, epoch],
    });
    return rows[0] ?? null;
  }

  /** @returns false when somebody else has ended it */
  async end(sql: TenantSql, { epoch }: Lease, id: string, { state, jid, result, error }: Ending): Promise<boolean> {
    const { rowCount } = await sql.query({
      name: 'group_actions.end',
      text: END,
      values: [
        id,
        epoch,
        state,
        jid ?? null,
        result ? JSON.stringify(result) : null,
        error?.code ?? null,
        error?.whatsappCode ?? null,
      ],
    });
    return (rowCount ?? 0) > 0;
  }

  /** What ended long ago is forgotten. */
  async forget(sql: TenantSql, session: string): Promise<void> {
    await sql.query(`delete from private.group_actions where session_id = $1 and ended_at < now() - ${KEPT}`, [
      session,
    ]);
  }

  /** The people that were named, with the addresses and the role that are known of them in a group. */
  async people(
    sql: TenantSql,
    jid: string,
    named: readonly GroupPerson[],
  ): Promise<(Peer & Readonly<{ role: GroupRole | null }>)[]> {
    const { rows } = await sql.query<Peer & { role: GroupRole | null }>({
      name: 'group_actions.people',
      text: PEOPLE,
      values: [jid, named.flatMap(({ lid }) => lid ?? []), named.flatMap(({ phone_number: phone }) => phone ?? [])],
    });
    return named.map(({ phone_number: phone = null, lid = null }) => {
      const known = rows.find((one) => (lid !== null && one.lid === lid) || (phone !== null && one.phone === phone));
      return { phone: phone ?? known?.phone ?? null, lid: lid ?? known?.lid ?? null, role: known?.role ?? null };
    });
  }

  /** @throws SessionNotFound */
  async session(sql: TenantSql, id: string): Promise<{ isLinked: boolean; isConnected: boolean; name: string }> {
    const { rows } = await sql.query<{ isLinked: boolean; isConnected: boolean; name: string }>({
      name: 'group_actions.session',
      text: `select phone_number is not null as "isLinked", state = 'connected' as "isConnected", name from sessions
              where id = $1 and deleted_at is null`,
      values: [id],
    });
    if (!rows[0]) throw new SessionNotFound(id);
    return rows[0];
  }
}

/** Who asked for it. */
export const askerOf = ({ requested_by: name, requested_by_type: type, requested_by_id: id }: GroupActionRow): Actor =>
  ({ type, id, name }) as Actor;

const KEY = /^([0-9A-F]{8})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{12})$/;

/** Under which WhatsApp is asked for a group: in what it tells of the group it says who had asked. */
export const keyOf = (action: string): string => action.replaceAll('-', '').toUpperCase();

/** A group is there that somebody of us may have asked for. */
export async function noteMade(sql: TenantSql, key: string, jid: string): Promise<void> {
  const id = KEY.exec(key)?.slice(1).join('-').toLowerCase();
  if (id) await sql.query({ name: 'group_actions.made', text: MADE, values: [id, jid] });
}
