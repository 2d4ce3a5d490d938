import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { GroupActionId, MediaId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Idempotency } from '../../platform/http/idempotency.ts';
import { Signals } from '../../platform/signals/signals.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { MediaService } from '../media/media.service.ts';
import { SessionNotLinked } from '../messages/messages.errors.ts';
import { SessionOffline } from '../sessions/sessions.errors.ts';
import type { GroupActionKind, GroupActionView } from './group-actions.dto.ts';
import { type GroupActionArgs, type GroupActionRow, GroupActionsRepository } from './group-actions.repository.ts';
import { failureOf } from './group-failures.ts';
import { assertMay, type Standing, standingOf } from './group-standing.ts';
import type { GroupVerb } from './groups.rules.ts';

/** How long a request waits for the end; what it asked for goes on without it. */
const WAIT_MS = 20_000;
/** Covers a signal that was lost. */
const LOOK_AGAIN_MS = 2_000;

/** What is asked of a group: `jid` is null where it is not known yet. */
export type GroupRequest = Readonly<{
  kind: GroupActionKind;
  session: SessionId;
  jid: string | null;
  args: GroupActionArgs;
}>;

/** The entries that changes leave; questions leave none. */
const ENTRIES: Readonly<Partial<Record<GroupActionKind, AuditAction>>> = {
  create: 'group.create_requested',
  subject: 'group.update_requested',
  description: 'group.update_requested',
  picture: 'group.update_requested',
  settings: 'group.update_requested',
  add: 'group.add_requested',
  remove: 'group.remove_requested',
  promote: 'group.promote_requested',
  demote: 'group.demote_requested',
  approve: 'group.approve_requested',
  reject: 'group.reject_requested',
  leave: 'group.leave_requested',
  revoke_invite_link: 'group.link_reset_requested',
  join: 'group.join_requested',
};

/** What a number has to be allowed to do for it. */
const VERBS: Readonly<Partial<Record<GroupActionKind, GroupVerb>>> = {
  subject: 'subject',
  description: 'description',
  picture: 'picture',
  add: 'add',
  remove: 'remove',
  promote: 'promote',
  demote: 'demote',
  leave: 'leave',
  invite_link: 'invite_link',
  revoke_invite_link: 'invite_link',
  requests: 'requests',
  approve: 'requests',
  reject: 'requests',
};

/** Has numbers change groups. What is asked for is a row, so that it is done once, by the node that runs the number. */
@Injectable()
export class GroupActionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly actions: GroupActionsRepository,
    private readonly media: MediaService,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks for it, and waits a while until it has ended.
   * @throws SessionNotFound | SessionNotLinked | SessionOffline | GroupNotFound | NotInGroup | GroupAdminRequired |
   *   GroupIsCommunity | MediaNotFound | IdempotencyKeyReused, and whatever it fails with
   */
  async ask(by: Caller, request: GroupRequest, key: string | null): Promise<GroupActionView> {
    const { organization } = by;
    const { action_id: id } = await this.db.asTenantSql(organization, (sql) =>
      this.idempotency.run(sql, organization, key, request, async () => ({
        action_id: await this.accept(sql, by, request),
      })),
    );
    this.signals.send('group_actions', { session: request.session });
    const row = await this.ended(organization, id);
    if (row.state === 'failed') throw failureOf(row.error_code ?? '', row.whatsapp_code);
    return actionView(row);
  }

  /** @throws GroupActionNotFound */
  async get(organization: OrganizationId, id: string): Promise<GroupActionView> {
    return actionView(await this.db.asTenantSql(organization, (sql) => this.actions.get(sql, id)));
  }

  private async accept(sql: TenantSql, by: Caller, request: GroupRequest): Promise<string> {
    const { kind, session: sessionId, jid, args } = request;
    const session = await this.actions.session(sql, sessionId);
    if (!session.isLinked) throw new SessionNotLinked(sessionId);
    const group = jid === null ? null : await standingOf(sql, jid, sessionId);
    if (group) assertMayAsk(group, request);
    if (kind === 'picture' && args.media_id)
      await this.media.assertSendable(sql, MediaId.parse(args.media_id), 'image');
    if (!session.isConnected) throw new SessionOffline();
    const id = await this.actions.add(sql, { session_id: sessionId, group_jid: jid, kind, args }, by.actor);
    const entry = ENTRIES[kind];
    if (entry) {
      const target = group ? ({ type: 'group', id: group.id } as const) : ({ type: 'session', id: sessionId } as const);
      const name = group?.subject ?? session.name;
      const number = group ? { number: session.name } : {};
      const changes = changesBetween(null, { name, ...number, ...summaryOf(args) });
      await this.audit.addSql(sql, by, { action: entry, target, changes });
    }
    return id;
  }

  private async ended(organization: OrganizationId, id: string): Promise<GroupActionRow> {
    let isLate = false;
    const patience = this.clock.pause(WAIT_MS);
    void patience.over.then(() => (isLate = true));
    for (;;) {
      const pause = this.clock.pause(LOOK_AGAIN_MS);
      const leave = this.signals.on('group_action_ended', ({ action }) => {
        if (action === id) pause.end();
      });
      const row = await this.db.asTenantSql(organization, (sql) => this.actions.get(sql, id));
      const isOver = row.ended_at !== null || isLate;
      if (!isOver) await pause.over;
      leave();
      pause.end();
      if (!isOver) continue;
      patience.end();
      return row;
    }
  }
}

/** @throws NotInGroup | GroupAdminRequired | GroupIsCommunity */
function assertMayAsk(group: Standing, { kind, args }: GroupRequest): void {
  for (const verb of verbsOf(kind, args)) assertMay(verb, group);
}

function verbsOf(kind: GroupActionKind, args: GroupActionArgs): GroupVerb[] {
  const verb = VERBS[kind];
  if (verb) return [verb];
  if (kind !== 'settings') return [];
  const { ephemeral_seconds: ephemeral, ...others } = args;
  const isAdmins = Object.values(others).some((value) => value !== undefined);
  return [...(isAdmins ? (['settings'] as const) : []), ...(ephemeral === undefined ? [] : (['ephemeral'] as const))];
}

/** What the entry says of it: settings, and how many people; nothing that people wrote but what a group is called. */
function summaryOf(args: GroupActionArgs) {
  const { subject, participants, announcement, locked, member_add_mode, join_approval, ephemeral_seconds } = args;
  const told = { subject, announcement, locked, member_add_mode, join_approval, ephemeral_seconds };
  const plain = Object.entries(told).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(plain) as Record<string, string | number | boolean>),
    ...(Array.isArray(participants) ? { participants: participants.length } : {}),
  };
}

export function actionView(row: GroupActionRow): GroupActionView {
  const failure = row.error_code === null ? null : failureOf(row.error_code, row.whatsapp_code);
  return {
    id: GroupActionId.parse(row.id),
    session_id: SessionId.parse(row.session_id),
    kind: row.kind,
    group_jid: row.group_jid,
    state: row.state,
    result: row.result,
    error: failure && { code: failure.code, title: failure.title, detail: failure.detail },
    requested_by: row.requested_by,
    requested_at: row.requested_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}
