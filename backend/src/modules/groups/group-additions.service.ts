import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { Idempotency } from '../../platform/http/idempotency.ts';
import { Signals } from '../../platform/signals/signals.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { SessionNotLinked } from '../messages/messages.errors.ts';
import { GroupActionsRepository } from './group-actions.repository.ts';
import { assertMay, standingOf } from './group-standing.ts';
import type {
  AdditionPersonPage,
  GroupAdditionPage,
  GroupAdditionState,
  GroupAdditionView,
  ListAdditionPeople,
  ListAdditions,
  StartAddition,
} from './group-additions.dto.ts';
import { GroupAdditionsRepository } from './group-additions.repository.ts';
import { GroupAdditionOver } from './groups.errors.ts';

/** A person who adds people does not do it faster. */
const STEP_SECONDS_MIN = 60;

/** What a person can ask of one that is under way. */
export type AdditionOrder = 'pause' | 'resume' | 'cancel';
const ORDERS: Readonly<
  Record<AdditionOrder, Readonly<{ to: GroupAdditionState; from: readonly GroupAdditionState[]; entry: AuditAction }>>
> = {
  pause: { to: 'paused', from: ['running'], entry: 'group.addition_paused' },
  resume: { to: 'running', from: ['paused'], entry: 'group.addition_resumed' },
  cancel: { to: 'cancelled', from: ['running', 'paused'], entry: 'group.addition_cancelled' },
};

/** Has many people come into a group at the pace of a person. */
@Injectable()
export class GroupAdditionsService {
  constructor(
    private readonly config: Config,
    private readonly db: TenantDb,
    private readonly additions: GroupAdditionsRepository,
    private readonly actions: GroupActionsRepository,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
    private readonly signals: Signals,
  ) {}

  /** @throws SessionNotFound | SessionNotLinked | GroupNotFound | NotInGroup | GroupAdminRequired | GroupIsCommunity */
  async start(by: Caller, jid: string, asked: StartAddition, key: string | null): Promise<GroupAdditionView> {
    const { organization } = by;
    this.assertPace(asked);
    const { id } = await this.db.asTenantSql(organization, (sql) =>
      this.idempotency.run(sql, organization, key, { jid, ...asked }, async () => {
        const session = await this.actions.session(sql, asked.session_id);
        if (!session.isLinked) throw new SessionNotLinked(asked.session_id);
        const group = await standingOf(sql, jid, asked.session_id);
        assertMay('add', group);
        const added = await this.additions.add(sql, jid, asked, by.actor);
        const fields = { name: group.subject, number: session.name, participants: asked.participants.length };
        const target = { type: 'group', id: group.id } as const;
        const changes = changesBetween(null, fields);
        await this.audit.addSql(sql, by, { action: 'group.add_requested', target, changes });
        return { id: added };
      }),
    );
    this.signals.send('group_actions', { session: asked.session_id });
    return this.get(organization, id);
  }

  list(organization: OrganizationId, query: ListAdditions): Promise<GroupAdditionPage> {
    return this.db.asTenantSql(organization, (sql) => this.additions.list(sql, organization, query));
  }

  /** @throws GroupAdditionNotFound */
  get(organization: OrganizationId, id: string): Promise<GroupAdditionView> {
    return this.db.asTenantSql(organization, (sql) => this.additions.get(sql, id));
  }

  /** @throws GroupAdditionNotFound */
  people(organization: OrganizationId, id: string, query: ListAdditionPeople): Promise<AdditionPersonPage> {
    return this.db.asTenantSql(organization, async (sql) => {
      await this.additions.get(sql, id);
      return this.additions.people(sql, id, query);
    });
  }

  /** A step that is under way ends. What is so already is not asked twice. @throws GroupAdditionNotFound | GroupAdditionOver */
  async order(by: Caller, id: string, order: AdditionOrder): Promise<GroupAdditionView> {
    const { to, from, entry } = ORDERS[order];
    const addition = await this.db.asTenantSql(by.organization, async (sql) => {
      const before = await this.additions.get(sql, id);
      if (before.state === to) return before;
      if (!(await this.additions.move(sql, id, from, to))) throw new GroupAdditionOver(before.state);
      const group = await standingOf(sql, before.group_jid, before.session_id);
      const changes = changesBetween(null, { name: group.subject });
      await this.audit.addSql(sql, by, { action: entry, target: { type: 'group', id: group.id }, changes });
      return this.additions.get(sql, id);
    });
    this.signals.send('group_actions', { session: addition.session_id });
    return addition;
  }

  /** @throws RequestInvalid */
  private assertPace({ step_seconds: seconds }: StartAddition): void {
    if (this.config.whatsapp.sandboxUrl || seconds >= STEP_SECONDS_MIN) return;
    const message = `Leave at least ${STEP_SECONDS_MIN} seconds between two steps.`;
    throw new RequestInvalid([{ path: ['step_seconds'], message }]);
  }
}
