import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { GroupAdditionId, MessageId, newId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import type { Actor } from '../auth/caller.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import type { GroupPerson, GroupPersonResult } from './group-actions.dto.ts';
import type { ClaimedAction, Ending } from './group-actions.repository.ts';
import type {
  AdditionPersonPage,
  GroupAdditionPage,
  GroupAdditionState,
  GroupAdditionView,
  ListAdditionPeople,
  ListAdditions,
  StartAddition,
} from './group-additions.dto.ts';
import { GroupAdditionNotFound } from './groups.errors.ts';

/** What a step failed with that the next one may not; the others want a person. */
const PASSING = new Set(['session_offline', 'group_action_interrupted', 'group_rate_limited']);
/** WhatsApp wants it slower. */
const SLOWER_SECONDS = 900;

const ADD = `with addition as (
    insert into private.group_additions (organization_id, id, session_id, group_jid, invite, per_step, step_seconds, requested_by, requested_by_type, requested_by_id)
    values (private.current_organization(), $1, $2, $3, $4, $5, $6, $7, $8, $9)
  )
  insert into private.group_addition_people (organization_id, addition_id, n, phone_number, lid)
  select private.current_organization(), $1, p.n, p.phone_number, p.lid
    from unnest($10::text[], $11::text[]) with ordinality as p (phone_number, lid, n)`;

/**
 * The next step of a number that is due, as an action of who asked for all of it. `$2` its id. One whose step has not ended waits
 * for that; one of which nobody waits any more is completed when its last step ends.
 */
const STEP = `with due as (
    select a.* from private.group_additions a
     where a.session_id = $1 and a.state = 'running' and a.next_at <= now()
       and not exists (select from private.group_actions x where x.addition_id = a.id and x.ended_at is null)
       and not exists (select from private.organization_suspensions)
     order by a.next_at, a.id limit 1 for update
  ), people as (
    update private.group_addition_people p set action_id = $2 from due
     where p.addition_id = due.id and p.n in (select q.n from private.group_addition_people q
            where q.addition_id = due.id and q.status = 'waiting' order by q.n limit due.per_step)
    returning p.n, p.phone_number, p.lid
  )
  insert into private.group_actions (organization_id, id, session_id, group_jid, kind, args, requested_by, requested_by_type, requested_by_id, addition_id)
  select private.current_organization(), $2, due.session_id, due.group_jid, 'add',
         jsonb_build_object('invite', due.invite, 'participants',
           (select jsonb_agg(jsonb_build_object('phone_number', phone_number, 'lid', lid) order by n) from people)),
         due.requested_by, due.requested_by_type, due.requested_by_id, due.id
    from due where exists (select from people)`;

/** Results come in the order of the step's people. */
const SETTLE = `with step as (
    select n, row_number() over (order by n) as place from private.group_addition_people where addition_id = $1 and action_id = $2
  ), given as (
    select * from unnest($3::text[], $4::smallint[], $5::uuid[]) with ordinality as g (status, whatsapp_code, message_id, place)
  )
  update private.group_addition_people p
     set status = g.status, whatsapp_code = g.whatsapp_code, message_id = g.message_id, settled_at = now()
    from step join given g using (place) where p.addition_id = $1 and p.n = step.n and g.status <> 'group_full'`;

const LEAVE = `update private.group_addition_people set action_id = null where addition_id = $1 and action_id = $2 and status = 'waiting'`;

/** `$2` why it pauses; `$3` how long the next step waits at least. */
const GO_ON = `update private.group_additions a
     set next_at = now() + greatest(a.step_seconds, $3::int) * interval '1 second', error_code = $2,
         state = case when a.ended_at is not null then a.state when waits.n = 0 then 'completed'
                      when $2::text is not null then 'paused' else a.state end,
         ended_at = case when waits.n = 0 then coalesce(a.ended_at, now()) else a.ended_at end
    from (select count(*) as n from private.group_addition_people where addition_id = $1 and status = 'waiting') waits
   where a.id = $1`;

const VIEW = `select a.*, (select jsonb_object_agg(c.status, c.n)
       from (select status, count(*)::int as n from private.group_addition_people where addition_id = a.id group by status) c) as counts
  from private.group_additions a`;

type Row = Omit<GroupAdditionView, 'id' | 'session_id' | 'next_at' | 'requested_at' | 'ended_at' | 'total'> &
  Readonly<{ id: string; session_id: string; next_at: Date; requested_at: Date; ended_at: Date | null }>;

/** Many people who are to come into a group, step by step. */
@Injectable()
export class GroupAdditionsRepository {
  async add(sql: TenantSql, jid: string, { participants, ...asked }: StartAddition, by: Actor): Promise<string> {
    const id = newId();
    const people = distinct(participants);
    const { session_id: session, invite, per_step: perStep, step_seconds: stepSeconds } = asked;
    const phones = people.map(({ phone_number: phone }) => phone ?? null);
    const lids = people.map(({ lid }) => lid ?? null);
    const values = [id, session, jid, invite, perStep, stepSeconds, by.name, by.type, by.id, phones, lids];
    await sql.query({ name: 'group_additions.add', text: ADD, values });
    return id;
  }

  /** Makes an action of the next step that is due; the lease is held. */
  async step(sql: TenantSql, { session }: Lease): Promise<void> {
    await sql.query({ name: 'group_additions.step', text: STEP, values: [session, newId()] });
  }

  /** A step has ended, in the transaction that says so. What failed waits for another one. */
  async settle(
    sql: TenantSql,
    { id: action, addition_id: addition }: ClaimedAction,
    { state, error, result }: Ending,
  ): Promise<void> {
    if (addition === null) return;
    const people = result?.participants ?? [];
    if (state === 'done') await sql.query(SETTLE, [addition, action, ...columnsOf(people)]);
    await sql.query(LEAVE, [addition, action]);
    const isFull = people.some(({ status }) => status === 'group_full');
    const failure = isFull ? 'group_full' : (error?.code ?? null);
    const isTooMuch = failure === 'group_rate_limited';
    const pausedBy = failure !== null && !PASSING.has(failure) ? failure : null;
    await sql.query(GO_ON, [addition, pausedBy, isTooMuch ? SLOWER_SECONDS : 0]);
  }

  /** @throws GroupAdditionNotFound */
  async get(sql: TenantSql, id: string): Promise<GroupAdditionView> {
    const { rows } = await sql.query<Row>(`${VIEW} where a.id = $1`, [id]);
    if (!rows[0]) throw new GroupAdditionNotFound(id);
    return additionView(rows[0]);
  }

  /** The newest first. */
  async list(
    sql: TenantSql,
    organization: OrganizationId,
    { group_jid: jid, cursor, limit }: ListAdditions,
  ): Promise<GroupAdditionPage> {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), cursor)?.[0];
    const { rows } = await sql.query<Row>(
      `${VIEW} where ($1::text is null or a.group_jid = $1) and ($2::uuid is null or a.id < $2) order by a.id desc limit $3`,
      [jid ?? null, before, limit + 1],
    );
    const { rows: page, next } = cutPage(organization, rows, limit, ({ id }) => [id]);
    return { items: page.map(additionView), next_cursor: next };
  }

  /** In their order. */
  async people(sql: TenantSql, id: string, { status, cursor, limit }: ListAdditionPeople): Promise<AdditionPersonPage> {
    const after = decodeCursor(id, z.tuple([z.number().int()]), cursor)?.[0];
    type PersonRow = Omit<AdditionPersonPage['items'][number], 'settled_at'> & { n: number; settled_at: Date | null };
    const { rows } = await sql.query<PersonRow>(
      `select n, phone_number, lid, status, whatsapp_code, message_id, settled_at from private.group_addition_people
        where addition_id = $1 and ($2::text is null or status = $2) and n > $3 order by n limit $4`,
      [id, status ?? null, after ?? 0, limit + 1],
    );
    const { rows: page, next } = cutPage(id, rows, limit, ({ n }) => [n]);
    const items = page.map((row) => ({
      phone_number: row.phone_number,
      lid: row.lid,
      status: row.status,
      whatsapp_code: row.whatsapp_code,
      message_id: row.message_id === null ? null : MessageId.parse(row.message_id),
      settled_at: row.settled_at?.toISOString() ?? null,
    }));
    return { items, next_cursor: next };
  }

  /** @returns false when it is in no state for that */
  async move(
    sql: TenantSql,
    id: string,
    from: readonly GroupAdditionState[],
    to: GroupAdditionState,
  ): Promise<boolean> {
    const { rowCount } = await sql.query(
      `update private.group_additions set state = $3, error_code = null, ended_at = case when $3 = 'cancelled' then now() end
        where id = $1 and state = any ($2)`,
      [id, from, to],
    );
    return (rowCount ?? 0) > 0;
  }
}

const columnsOf = (people: readonly GroupPersonResult[]) => [
  people.map(({ status }) => status),
  people.map(({ whatsapp_code: code }) => code),
  people.map(({ message_id: message }) => message),
];

/** Somebody who is named twice is added once. */
function distinct(people: readonly GroupPerson[]): GroupPerson[] {
  const seen = new Set<string>();
  return people.filter(({ phone_number: phone, lid }) => {
    const names = [phone, lid].filter((name) => typeof name === 'string');
    if (names.some((name) => seen.has(name))) return false;
    for (const name of names) seen.add(name);
    return true;
  });
}

const additionView = (row: Row): GroupAdditionView => ({
  id: GroupAdditionId.parse(row.id),
  session_id: SessionId.parse(row.session_id),
  group_jid: row.group_jid,
  state: row.state,
  error_code: row.error_code,
  invite: row.invite,
  per_step: row.per_step,
  step_seconds: row.step_seconds,
  next_at: row.state === 'running' ? row.next_at.toISOString() : null,
  total: Object.values(row.counts).reduce((sum, n) => sum + n, 0),
  counts: row.counts,
  requested_by: row.requested_by,
  requested_at: row.requested_at.toISOString(),
  ended_at: row.ended_at?.toISOString() ?? null,
});
