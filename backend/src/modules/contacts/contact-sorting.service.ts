import { Injectable } from '@nestjs/common';
import { ContactListId, newId, type OrganizationId, TagId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { type Changes, changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import type { ChangeContactList, ContactListView, TagView } from './contacts.dto.ts';
import { ContactListNotFound, NameTaken, TagNotFound } from './contacts.errors.ts';
import { contactUpdated } from './contacts.events.ts';

type Row = { id: string; name: string; n: number };

/** How contacts are sorted: by tags, which are words, and into lists, which somebody filled by hand. */
@Injectable()
export class ContactSortingService {
  constructor(
    private readonly db: TenantDb,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
  ) {}

  tags(organization: OrganizationId): Promise<TagView[]> {
    return this.db.asTenantSql(organization, async (sql) => {
      const { rows } = await sql.query<Row>(
        `select t.id, t.name, count(c.id)::int as n from tags t left join contact_tags x on x.tag_id = t.id
           left join contacts c on c.id = x.contact_id and c.merged_into is null group by t.organization_id, t.id order by lower(t.name), t.id`,
      );
      return rows.map(({ id, name, n }) => ({ id: TagId.parse(id), name, contact_count: n }));
    });
  }

  /** @throws TagNotFound | NameTaken */
  async renameTag(by: Caller, id: TagId, name: string): Promise<TagView> {
    await this.run(by, async (sql) => {
      const before = await this.nameOf(sql, 'tags', id);
      if (before === undefined) throw new TagNotFound(id);
      await this.rename(sql, 'tags', id, name);
      await this.note(sql, by, 'contact_tag.renamed', id, changesBetween({ name: before }, { name }));
    });
    const tag = (await this.tags(by.organization)).find((one) => one.id === id);
    if (!tag) throw new TagNotFound(id);
    return tag;
  }

  /** Takes it from all contacts. @throws TagNotFound */
  deleteTag(by: Caller, id: TagId): Promise<void> {
    return this.run(by, async (sql) => {
      const name = await this.nameOf(sql, 'tags', id);
      if (name === undefined) throw new TagNotFound(id);
      await sql.query('delete from tags where id = $1', [id]);
      await this.note(sql, by, 'contact_tag.deleted', id, changesBetween({ name }, null));
    });
  }

  lists(organization: OrganizationId): Promise<ContactListView[]> {
    return this.db.asTenantSql(organization, async (sql) => {
      const { rows } = await sql.query<Row>(
        `select l.id, l.name, count(c.id)::int as n from contact_lists l left join contact_list_members x on x.list_id = l.id
           left join contacts c on c.id = x.contact_id and c.merged_into is null group by l.organization_id, l.id order by lower(l.name), l.id`,
      );
      return rows.map(({ id, name, n }) => ({ id: ContactListId.parse(id), name, contact_count: n }));
    });
  }

  /** @throws NameTaken */
  async createList(by: Caller, name: string): Promise<ContactListView> {
    const id = newId();
    await this.run(by, async (sql) => {
      const { rowCount } = await sql.query(
        `insert into contact_lists (organization_id, id, name) select private.current_organization(), $1, $2
          where not exists (select from contact_lists where lower(name) = lower($2)) on conflict do nothing`,
        [id, name],
      );
      if (rowCount === 0) throw new NameTaken(name);
      await this.note(sql, by, 'contact_list.created', id, changesBetween(null, { name }));
    });
    return this.list(by.organization, id);
  }

  /** @throws ContactListNotFound | NameTaken */
  async renameList(by: Caller, id: ContactListId, name: string): Promise<ContactListView> {
    await this.run(by, async (sql) => {
      const before = await this.nameOf(sql, 'contact_lists', id);
      if (before === undefined) throw new ContactListNotFound(id);
      await this.rename(sql, 'contact_lists', id, name);
      await this.note(sql, by, 'contact_list.renamed', id, changesBetween({ name: before }, { name }));
    });
    return this.list(by.organization, id);
  }

  /** The contacts stay. @throws ContactListNotFound */
  deleteList(by: Caller, id: ContactListId): Promise<void> {
    return this.run(by, async (sql) => {
      const name = await this.nameOf(sql, 'contact_lists', id);
      if (name === undefined) throw new ContactListNotFound(id);
      await sql.query('delete from contact_lists where id = $1', [id]);
      await this.note(sql, by, 'contact_list.deleted', id, changesBetween({ name }, null));
    });
  }

  /** Who is unknown is left out; of merged contacts the shown one is meant. @throws ContactListNotFound */
  async changeList(by: Caller, id: ContactListId, { add, remove }: ChangeContactList): Promise<ContactListView> {
    await this.run(by, async (sql) => {
      if ((await this.nameOf(sql, 'contact_lists', id)) === undefined) throw new ContactListNotFound(id);
      const added = await sql.query<{ contact_id: string }>(
        `insert into contact_list_members (organization_id, list_id, contact_id)
         select distinct organization_id, $1::uuid, coalesce(merged_into, id) from contacts where id = any ($2)
         on conflict do nothing returning contact_id`,
        [id, add],
      );
      const removed = await sql.query<{ contact_id: string }>(
        `delete from contact_list_members where list_id = $1
            and contact_id in (select coalesce(merged_into, id) from contacts where id = any ($2)) returning contact_id`,
        [id, remove],
      );
      const changed = [...added.rows, ...removed.rows].map((row) => contactUpdated(by.organization, row.contact_id));
      await this.facts.addSql(sql, ...changed);
      const counts = { added: added.rows.length, removed: removed.rows.length };
      await this.note(sql, by, 'contact_list.changed', id, changesBetween(null, counts));
    });
    return this.list(by.organization, id);
  }

  private async list(organization: OrganizationId, id: string): Promise<ContactListView> {
    const found = (await this.lists(organization)).find((one) => one.id === id);
    if (!found) throw new ContactListNotFound(id);
    return found;
  }

  private async run(by: Caller, work: (sql: TenantSql) => Promise<void>): Promise<void> {
    await this.db.asTenantSql(by.organization, work);
    this.signals.send('facts', { organization: by.organization });
  }

  private async nameOf(sql: TenantSql, table: 'tags' | 'contact_lists', id: string): Promise<string | undefined> {
    const { rows } = await sql.query<{ name: string }>(`select name from ${table} where id = $1 for update`, [id]);
    return rows[0]?.name;
  }

  /** @throws NameTaken */
  private async rename(sql: TenantSql, table: 'tags' | 'contact_lists', id: string, name: string): Promise<void> {
    const { rowCount } = await sql.query(
      `update ${table} set name = $2 where id = $1 and not exists (select from ${table} o where lower(o.name) = lower($2) and o.id <> $1)`,
      [id, name],
    );
    if (rowCount === 0) throw new NameTaken(name);
  }

  private note(sql: TenantSql, by: Caller, action: AuditAction, id: string, changes: Changes): Promise<void> {
    const type = action.startsWith('contact_tag.') ? 'contact_tag' : 'contact_list';
    return this.audit.addSql(sql, by, { action, target: { type, id }, changes });
  }
}
