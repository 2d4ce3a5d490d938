import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import type { GroupPage, GroupParticipantPage, GroupView, ListGroups, ListParticipants } from './groups.dto.ts';
import { GroupsRepository, groupView, participantView } from './groups.repository.ts';

@Injectable()
export class GroupsService {
  constructor(
    private readonly db: TenantDb,
    private readonly groups: GroupsRepository,
  ) {}

  async list(organization: OrganizationId, query: ListGroups): Promise<GroupPage> {
    const { rows, next } = await this.db.asTenantSql(organization, (sql) => this.groups.list(sql, organization, query));
    return { items: rows.map(groupView), next_cursor: next };
  }

  /** @throws GroupNotFound */
  async get(organization: OrganizationId, jid: string): Promise<GroupView> {
    return groupView(await this.db.asTenantSql(organization, (sql) => this.groups.get(sql, jid)));
  }

  /** @throws GroupNotFound */
  async participants(
    organization: OrganizationId,
    jid: string,
    query: ListParticipants,
  ): Promise<GroupParticipantPage> {
    const { rows, next } = await this.db.asTenantSql(organization, async (sql) => {
      const { id } = await this.groups.get(sql, jid);
      return this.groups.participants(sql, id, query);
    });
    return { items: rows.map(participantView), next_cursor: next };
  }
}
