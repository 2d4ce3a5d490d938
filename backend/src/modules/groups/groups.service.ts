import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { pagesFrom } from '../../platform/http/pages-from.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { eventView, GroupGrowthRepository } from './group-growth.repository.ts';
import type {
  AskMostActive,
  GroupEventPage,
  GroupGrowth,
  GroupMostActive,
  GroupPage,
  GroupParticipantPage,
  GroupView,
  ListGroupEvents,
  ListGroups,
  ListParticipants,
} from './groups.dto.ts';
import { GroupsRepository, groupView, type ParticipantRow, participantView } from './groups.repository.ts';

/** People that an export holds in memory at a time. */
const EXPORT_PAGE = 500;

/** What is known of groups. Nothing of it asks WhatsApp. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly db: TenantDb,
    private readonly groups: GroupsRepository,
    private readonly growths: GroupGrowthRepository,
    private readonly audit: AuditTrail,
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

  /** Everybody, as lines of CSV. Fails before it answers, if at the first page. @throws GroupNotFound */
  async export(by: Caller, jid: string): Promise<AsyncIterable<string>> {
    const group = await this.db.asTenantSql(by.organization, async (sql) => {
      const { id, subject } = await this.groups.get(sql, jid);
      const changes = changesBetween(null, { name: subject });
      await this.audit.addSql(sql, by, { action: 'group.exported', target: { type: 'group', id }, changes });
      return id;
    });
    const read = (cursor?: string) =>
      this.db.asTenantSql(by.organization, (sql) =>
        this.groups.participants(sql, group, { cursor, limit: EXPORT_PAGE }),
      );
    return csvOf(pagesFrom(await read(), read));
  }

  /** @throws GroupNotFound */
  async events(organization: OrganizationId, jid: string, query: ListGroupEvents): Promise<GroupEventPage> {
    const { rows, next } = await this.db.asTenantSql(organization, async (sql) => {
      const { id } = await this.groups.get(sql, jid);
      return this.growths.events(sql, id, query);
    });
    return { items: rows.map(eventView), next_cursor: next };
  }

  /** @throws GroupNotFound */
  async growth(organization: OrganizationId, jid: string, days: number): Promise<GroupGrowth> {
    const items = await this.db.asTenantSql(organization, async (sql) => {
      const { id } = await this.groups.get(sql, jid);
      return this.growths.growth(sql, id, days);
    });
    return { items };
  }

  /** @throws GroupNotFound */
  async mostActive(organization: OrganizationId, jid: string, query: AskMostActive): Promise<GroupMostActive> {
    return this.db.asTenantSql(organization, async (sql) => {
      const { id } = await this.groups.get(sql, jid);
      return this.growths.mostActive(sql, id, query);
    });
  }
}

async function* csvOf(pages: AsyncIterable<ParticipantRow[]>): AsyncIterable<string> {
  yield csvLine(['phone_number', 'name', 'role', 'joined_at', 'privacy_address']);
  for await (const page of pages)
    yield page
      .map(participantView)
      .map(({ phone_number: phone, contact, push_name: pushName, role, joined_at: joined, lid }) =>
        csvLine([phone ?? '', contact?.name ?? pushName ?? '', role, joined ?? '', lid ?? '']),
      )
      .join('');
}
