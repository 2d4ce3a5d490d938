import { Injectable } from '@nestjs/common';
import type { ConversationId, OrganizationId } from '../../kernel/ids.ts';
import type { PageQuery } from '../../kernel/page.ts';
import { SystemDb, type SystemSql } from '../../platform/database/system-db.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ConversationNotFound } from '../conversations/conversations.errors.ts';
import { HouseReader } from '../../platform/metrics/house-reader.ts';
import { InstallationRepository } from './installation.repository.ts';
import { type OperatorCaller, OperatorTrail } from './operator-trail.ts';
import type {
  ListOperatorOrganizations,
  LookAtMessages,
  OperatorAuditPage,
  OperatorConversationPage,
  OperatorHealth,
  OperatorMessagePage,
  OperatorOrganizationDetail,
  OperatorOrganizationPage,
} from './operator.dto.ts';
import { byState, OperatorRepository } from './operator.repository.ts';

/** What whoever runs the installation sees. What he sees of one organization alone is an entry in its log. */
@Injectable()
export class OperatorService {
  constructor(
    private readonly system: SystemDb,
    private readonly operator: OperatorRepository,
    private readonly installation: InstallationRepository,
    private readonly house: HouseReader,
    private readonly trail: OperatorTrail,
    private readonly audit: AuditTrail,
  ) {}

  list(query: ListOperatorOrganizations): Promise<OperatorOrganizationPage> {
    return this.operator.list(this.system, query);
  }

  /** @throws OrganizationNotFound */
  get(by: OperatorCaller, organization: OrganizationId): Promise<OperatorOrganizationDetail> {
    return this.system.transaction(async (sql) => {
      await this.noteLook(sql, by, organization);
      return this.operator.get(sql, organization);
    });
  }

  /** @throws OrganizationNotFound */
  conversations(by: OperatorCaller, organization: OrganizationId, page: PageQuery): Promise<OperatorConversationPage> {
    return this.system.transaction(async (sql) => {
      await this.noteLook(sql, by, organization);
      return this.operator.conversations(sql, organization, page);
    });
  }

  /** What is read is written down first: neither happens without the other. @throws OrganizationNotFound | ConversationNotFound */
  messages(
    by: OperatorCaller,
    { organization, conversation }: { organization: OrganizationId; conversation: ConversationId },
    { reason, ...page }: LookAtMessages,
  ): Promise<OperatorMessagePage> {
    return this.system.transaction(async (sql) => {
      const name = await this.operator.nameOf(sql, organization);
      if (!(await this.operator.hasConversation(sql, organization, conversation)))
        throw new ConversationNotFound(conversation);
      const action = 'conversation.looked_at';
      const target = { type: 'conversation', id: conversation } as const;
      const changes = { reason: { to: reason } };
      await this.trail.add(sql, by, {
        action,
        target: { ...target, name },
        changes: { ...changes, organization_id: { to: organization } },
      });
      await this.audit.addSql(sql, { organization, ...by }, { action, target, changes });
      return this.operator.messages(sql, { organization, conversation }, page);
    });
  }

  async health(): Promise<OperatorHealth> {
    const [house, rest] = await Promise.all([this.house.read(), this.installation.read()]);
    const waiting = (number: 'connected' | 'away') => house.outbox.find((one) => one.number === number);
    const [due, held] = [waiting('connected'), waiting('away')];
    return {
      ...rest,
      numbers_by_state: byState(house.sessions),
      numbers_silent: house.silent,
      numbers_unowned: house.unowned,
      outbox: {
        due: due?.messages ?? 0,
        due_oldest_seconds: due?.oldest ?? 0,
        held: held?.messages ?? 0,
        held_oldest_seconds: held?.oldest ?? 0,
      },
      inbox: { rows: house.inbox.rows, oldest_seconds: house.inbox.oldest },
      facts_lag_seconds: house.facts_unsettled,
    };
  }

  auditLogs(page: PageQuery): Promise<OperatorAuditPage> {
    return this.installation.auditLogs(page);
  }

  /** Once in ten minutes: who works on something looks again and again. @throws OrganizationNotFound */
  private async noteLook(sql: SystemSql, by: OperatorCaller, organization: OrganizationId): Promise<void> {
    const name = await this.operator.nameOf(sql, organization);
    if (await this.operator.hasLooked(sql, organization, by.actor.id)) return;
    const action = 'organization.looked_at';
    const target = { type: 'organization', id: organization } as const;
    await this.trail.add(sql, by, { action, target: { ...target, name } });
    await this.audit.addSql(sql, { organization, ...by }, { action, target });
  }
}
