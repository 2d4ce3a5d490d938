import { Injectable } from '@nestjs/common';
import type { ContactId, ContactMergeId, OrganizationId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { ContactRecordsRepository } from './contact-records.repository.ts';
import { dayNamesIn, setDaysOf } from './contact-days.ts';
import { mergeContacts, undoMerge } from './contact-merges.ts';
import { setTagsOf } from './contact-tags.ts';
import type {
  ContactDay,
  ContactDayNameView,
  ContactDetail,
  ContactPage,
  ContactSummary,
  CreateContact,
  ListContacts,
  UpdateContact,
} from './contacts.dto.ts';
import { ContactExists, ContactMergeNotFound, ContactNotFound, ContactsAlreadyOne } from './contacts.errors.ts';
import { contactUpdated } from './contacts.events.ts';
import { ContactsRepository } from './contacts.repository.ts';
import { toDetail, toSummary } from './contacts.views.ts';
import { afterDeadlocks, settlingPeople } from './settling-people.ts';

type Known = { id: string; name: string | null; language: string | null; opted_out_at: Date | null };

/** People as others know them. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly db: TenantDb,
    private readonly contacts: ContactsRepository,
    private readonly records: ContactRecordsRepository,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * What the API shows of contacts of many organizations, by `<organization> <contact>`: of one that is merged the contact
   * that is shown in its place. Those that are gone are missing.
   */
  async viewsOf(
    tx: SystemTx,
    of: readonly { organization: string; id: string }[],
  ): Promise<ReadonlyMap<string, ContactSummary>> {
    const rows = of.length > 0 ? await this.records.ofAll(tx, of) : [];
    return new Map(
      rows.flatMap((row) =>
        [row, ...row.merged].map(({ id }) => [`${row.organizationId} ${id}`, toSummary(row)] as const),
      ),
    );
  }

  async list(organization: OrganizationId, query: ListContacts): Promise<ContactPage> {
    const { rows, next } = await this.db.asTenant(organization, (tx) => this.records.list(tx, organization, query));
    return { items: rows.map(toSummary), next_cursor: next };
  }

  /** @throws ContactNotFound */
  get(organization: OrganizationId, id: string): Promise<ContactDetail> {
    return this.db.asTenant(organization, async (tx) => {
      const record = await this.records.get(tx, id);
      return toDetail(record, await this.records.detailsOf(tx, record.id));
    });
  }

  /** By the number that WhatsApp has for what was written, where that is known. @throws ContactExists */
  async create(by: Caller, { phone_number, ...fields }: CreateContact): Promise<ContactDetail> {
    const { organization } = by;
    const id = await settlingPeople(this.db, organization, async (sql) => {
      const [phone = phone_number] = await this.contacts.canonical(sql, [phone_number]);
      const known = await sql.query<{ id: string }>(
        'select coalesce(merged_into, id) as id from contacts where phone_number = $1',
        [phone],
      );
      if (known.rows[0]) throw new ContactExists(known.rows[0].id);
      const made = await this.contacts.ofNumber(sql, phone, { source: 'person', session: null });
      await sql.query('update contacts set name = $2, language = $3 where id = $1', [
        made.id,
        fields.name ?? null,
        fields.language ?? null,
      ]);
      const target = { type: 'contact', id: made.id } as const;
      const changes = changesBetween(null, { phone_number: phone, ...fields });
      await this.audit.addSql(sql, by, { action: 'contact.created', target, changes });
      return made.id;
    });
    this.changed(organization);
    return this.get(organization, id);
  }

  /** @throws ContactNotFound */
  update(by: Caller, id: ContactId, fields: UpdateContact): Promise<ContactDetail> {
    return this.change(by, id, async (sql, before) => {
      const after = { name: before.name, language: before.language, ...fields };
      await sql.query('update contacts set name = $2, language = $3, updated_at = now() where id = $1', [
        before.id,
        after.name,
        after.language,
      ]);
      const changes = changesBetween({ name: before.name, language: before.language }, after);
      const target = { type: 'contact', id: before.id } as const;
      await this.audit.addSql(sql, by, { action: 'contact.updated', target, changes });
    });
  }

  /** @throws ContactNotFound */
  setTags(by: Caller, id: ContactId, names: readonly string[]): Promise<ContactDetail> {
    return this.change(by, id, async (sql, { id: contact }) => {
      const { before, after } = await setTagsOf(sql, contact, names);
      const changes = changesBetween({ tags: before }, { tags: after });
      await this.audit.addSql(sql, by, { action: 'contact.tagged', target: { type: 'contact', id: contact }, changes });
    });
  }

  /** @throws ContactNotFound */
  setDays(by: Caller, id: ContactId, days: readonly ContactDay[]): Promise<ContactDetail> {
    return this.change(by, id, async (sql, { id: contact }) => {
      const { before, after } = await setDaysOf(sql, contact, days);
      const changes = changesBetween({ days: before }, { days: after });
      await this.audit.addSql(sql, by, {
        action: 'contact.days_set',
        target: { type: 'contact', id: contact },
        changes,
      });
    });
  }

  /** What days of contacts are called. */
  dayNames(organization: OrganizationId): Promise<ContactDayNameView[]> {
    return this.db.asTenantSql(organization, dayNamesIn);
  }

  /** By a person's or program's hand. @throws ContactNotFound */
  setOptOut(by: Caller, id: ContactId, out: boolean): Promise<ContactDetail> {
    return this.change(by, id, async (sql, { id: contact }) => {
      await (out
        ? this.optOut(sql, by.organization, [contact], 'person')
        : this.optIn(sql, by.organization, [contact]));
      const action = out ? 'contact.opted_out' : 'contact.opted_in';
      await this.audit.addSql(sql, by, { action, target: { type: 'contact', id: contact } });
    });
  }

  /**
   * Marks people as opted out, in the caller's transaction; who is already stays as he is. Of merged contacts the shown one.
   * @param source who says so: `person`, or an automation's own word
   */
  async optOut(
    sql: TenantSql,
    organization: OrganizationId,
    contacts: readonly string[],
    source: string,
  ): Promise<void> {
    const { rows } = await sql.query<{ id: string }>(
      `update contacts set opted_out_at = now(), opt_out_source = $2, updated_at = now()
        where id in (select coalesce(merged_into, id) from contacts where id = any ($1)) and opted_out_at is null returning id`,
      [contacts, source],
    );
    await this.facts.addSql(sql, ...rows.map((row) => contactUpdated(organization, row.id)));
  }

  /** Takes an opt-out back, of all contacts that are merged into one, in the caller's transaction. */
  async optIn(sql: TenantSql, organization: OrganizationId, contacts: readonly string[]): Promise<void> {
    const { rows } = await sql.query<{ id: string }>(
      `with shown as (select coalesce(merged_into, id) as id from contacts where id = any ($1))
       update contacts c set opted_out_at = null, opt_out_source = null, updated_at = now() from shown
        where (c.id = shown.id or c.merged_into = shown.id) and c.opted_out_at is not null returning shown.id`,
      [contacts],
    );
    const ids = new Set(rows.map((row) => row.id));
    await this.facts.addSql(sql, ...[...ids].map((id) => contactUpdated(organization, id)));
  }

  /** Two are one from now on; `id` is the one that is shown. @throws ContactNotFound | ContactsAlreadyOne */
  async merge(by: Caller, id: ContactId, other: ContactId): Promise<ContactDetail> {
    const { organization } = by;
    await afterDeadlocks(() =>
      this.db.asTenantSql(organization, async (sql) => {
        for (const one of [id, other]) await this.known(sql, one);
        const reason = { source: 'person', session: null, by: by.actor.name } as const;
        const merge = await mergeContacts(sql, organization, { a: id, b: other, keep: id }, reason);
        if (!merge) throw new ContactsAlreadyOne(id);
        const target = { type: 'contact', id: merge.kept } as const;
        const changes = changesBetween(null, { merged_contact_id: merge.merged });
        await this.audit.addSql(sql, by, { action: 'contact.merged', target, changes });
      }),
    );
    this.changed(organization);
    return this.get(organization, id);
  }

  /** Two are two again, with all that was said since. @throws ContactMergeNotFound */
  async undoMerge(by: Caller, id: ContactMergeId): Promise<ContactDetail> {
    const { organization } = by;
    const kept = await afterDeadlocks(() =>
      this.db.asTenantSql(organization, async (sql) => {
        const merge = await undoMerge(sql, organization, id, by.actor.name);
        if (!merge) throw new ContactMergeNotFound(id);
        const target = { type: 'contact', id: merge.kept } as const;
        const changes = changesBetween({ merged_contact_id: merge.merged }, null);
        await this.audit.addSql(sql, by, { action: 'contact.merge_undone', target, changes });
        return merge.kept;
      }),
    );
    this.changed(organization);
    return this.get(organization, kept);
  }

  private async change(
    by: Caller,
    id: ContactId,
    work: (sql: TenantSql, before: Known) => Promise<void>,
  ): Promise<ContactDetail> {
    const { organization } = by;
    await this.db.asTenantSql(organization, async (sql) => {
      const known = await this.known(sql, id);
      await work(sql, known);
      await this.facts.addSql(sql, contactUpdated(organization, known.id));
    });
    this.changed(organization);
    return this.get(organization, id);
  }

  /** @throws ContactNotFound */
  private async known(sql: TenantSql, id: string): Promise<Known> {
    const { rows } = await sql.query<Known>(
      `select r.id, r.name, r.language, r.opted_out_at from contacts c join contacts r on r.id = coalesce(c.merged_into, c.id) where c.id = $1`,
      [id],
    );
    if (!rows[0]) throw new ContactNotFound(id);
    return rows[0];
  }

  private changed(organization: OrganizationId): void {
    this.signals.send('facts', { organization });
  }
}
