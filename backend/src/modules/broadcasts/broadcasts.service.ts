import { Injectable } from '@nestjs/common';
import { BroadcastId, JobId, newId, type OrganizationId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { Idempotency } from '../../platform/http/idempotency.ts';
import { pagesFrom } from '../../platform/http/pages-from.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { BulkRepository, type BulkRow } from '../bulk/bulk.repository.ts';
import { usesOf } from '../bulk/bulk.service.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { type Place, placesOf } from '../contacts/conversation-places.ts';
import { PeopleMoved } from '../contacts/people-changed.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { openConversations } from '../groups/group-chats.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { type JobOrder, JobsService } from '../jobs/jobs.service.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import { type Addressee, BroadcastDrafts, type Draft } from './broadcast-drafts.ts';
import type {
  BroadcastPage,
  BroadcastPreview,
  BroadcastToGroup,
  BroadcastView,
  FilterRecipients,
  LaunchBroadcast,
  ListBroadcasts,
  ListRecipients,
  PreviewBroadcast,
  RecipientPage,
} from './broadcasts.dto.ts';
import { BroadcastChanged, BroadcastRefused } from './broadcasts.errors.ts';
import { BroadcastsRepository } from './broadcasts.repository.ts';
import {
  EXPORT_COLUMNS,
  exportCells,
  previewOf,
  type RecipientRow,
  recipientView,
  summaryOf,
  viewOf,
} from './broadcasts.views.ts';

/** People that a report holds in memory at a time. */
const EXPORT_PAGE = 500;

/** An addressee who is a contact by now, or a group. */
type Known = Addressee & (Readonly<{ contact: NonNullable<Addressee['contact']> }> | Readonly<{ into: string }>);

const isGroup = <T extends Known>(one: T): one is T & Readonly<{ into: string }> => one.into !== null;
const contactsOf = (known: readonly Known[]) => known.flatMap((one) => one.contact ?? []);
/** What a conversation with each of them begins with; of who is merged it shows what is said to another. */
const firstsOf = (people: readonly (Known & Readonly<{ message: string }>)[]): Map<string, string> =>
  new Map(
    people.flatMap(({ contact, message }) =>
      contact && contact.home === contact.root ? [[contact.root, message]] : [],
    ),
  );

@Injectable()
export class BroadcastsService {
  constructor(
    private readonly db: TenantDb,
    private readonly drafts: BroadcastDrafts,
    private readonly broadcasts: BroadcastsRepository,
    private readonly contacts: ContactsRepository,
    private readonly bulk: BulkRepository,
    private readonly jobs: JobsService,
    private readonly templates: TemplatesService,
    private readonly entitlements: Entitlements,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditTrail,
  ) {}

  /** What would happen; nothing is written. @throws as `BroadcastDrafts.of` */
  async preview(organization: OrganizationId, request: PreviewBroadcast): Promise<BroadcastPreview> {
    return previewOf(await this.db.asTenantSql(organization, (sql) => this.drafts.of(sql, request)));
  }

  /**
   * Everything in one transaction, or nothing: who is meant by then, and the messages to them.
   * @throws BroadcastRefused | BroadcastChanged | IdempotencyKeyReused, and as `BroadcastDrafts.of`
   */
  async launch(by: Caller, request: LaunchBroadcast, key: string | null): Promise<BroadcastView> {
    const { organization } = by;
    const { id, sessions } = await settlingPeople(this.db, organization, (sql) =>
      this.idempotency.run(sql, organization, key, request, () => this.accept(sql, by, request)),
    );
    this.jobs.begun(by, sessions);
    return this.get(organization, BroadcastId.parse(id));
  }

  /** @throws as `launch` */
  launchToGroup(by: Caller, jid: string, request: BroadcastToGroup, key: string | null): Promise<BroadcastView> {
    const { admins_only, contacts, session_id: session, session_ids: several, ...said } = request;
    const audience = { groups: { jids: [jid], admins_only, contacts } };
    const session_ids = several ?? (session === undefined ? undefined : [session]);
    return this.launch(by, { ...said, session_ids, audience }, key);
  }

  private async accept(
    sql: TenantSql,
    by: Caller,
    request: LaunchBroadcast,
  ): Promise<{ id: string; sessions: string[] }> {
    const draft = await this.drafts.of(sql, request);
    if (draft.refusals.length > 0) throw new BroadcastRefused(draft.refusals);
    const total = draft.addressees.length;
    if (request.expected !== undefined && request.expected !== total) throw new BroadcastChanged(total);
    const people = await this.known(sql, draft.addressees);
    const sessions = [...new Set(people.map(({ session }) => session))].toSorted();
    const only = sessions.length === 1 ? (sessions[0] ?? null) : null;
    const id = await this.jobs.create(sql, by, { kind: 'broadcast', name: request.name, session: only, total });
    const rows = await this.rowsOf(sql, people, draft, { id, sessions });
    await this.keep(sql, by, request, { id, draft, people, rows });
    await this.entitlements.reserveMessages(sql, by.organization, total);
    await this.templates.used(sql, usesOf(rows));
    return { id, sessions };
  }

  /** Who is no contact becomes one, by the addresses that a group or a person gave. @throws PeopleToMerge | PeopleMoved */
  private async known(sql: TenantSql, addressees: readonly Addressee[]): Promise<Known[]> {
    const strangers = addressees.filter(({ contact, into }) => contact === null && into === null);
    const made = await this.contacts.ofPeople(sql, strangers, { source: 'mapping', session: null });
    let next = 0;
    const known = addressees.flatMap((one): Known[] => {
      if (one.into !== null) return [{ ...one, into: one.into }];
      const contact = one.contact ?? made[next++];
      return contact ? [{ ...one, contact }] : [];
    });
    const contacts = contactsOf(known);
    await this.contacts.hold(sql, contacts);
    // Somebody else made them one meanwhile: who is who is to be looked at again.
    const groups = known.filter(isGroup).length;
    if (new Set(contacts.map(({ root }) => root)).size + groups < addressees.length) throw new PeopleMoved();
    return known;
  }

  /** What each of them gets, and where: a few statements for each number. */
  private async rowsOf(
    sql: TenantSql,
    people: readonly Known[],
    draft: Draft,
    { id, sessions }: Readonly<{ id: string; sessions: readonly string[] }>,
  ): Promise<BulkRow[]> {
    const places = new Map<string, Map<string, Place>>();
    const meant = people.map((one) => ({ ...one, message: newId() }));
    for (const session of sessions) {
      const own = meant.filter((one) => one.session === session);
      const groups = own.filter(isGroup).map(({ into }) => into);
      const chats = await placesOf(sql, session, contactsOf(own), firstsOf(own));
      for (const [group, chat] of await openConversations(sql, session, groups))
        chats.set(group, { home: chat, shown: chat });
      places.set(session, chats);
    }
    return meant.map((one) => {
      const place = places.get(one.session)?.get(one.into ?? one.contact?.home ?? '');
      if (!place) throw new PeopleMoved();
      const { text, ...said } = draft.say(one, id);
      const related = { relatedType: 'broadcast', relatedId: id };
      return { ...said, id: one.message, text: text === '' ? null : text, place, ...related };
    });
  }

  private async keep(
    sql: TenantSql,
    by: Caller,
    request: LaunchBroadcast,
    { id, draft, people, rows }: { id: string; draft: Draft; people: readonly Known[]; rows: readonly BulkRow[] },
  ): Promise<void> {
    const { audience, content, variables = {}, scheduled_at, expires_at, priority } = request;
    await this.broadcasts.create(sql, {
      id,
      sessions: draft.senders.map(({ session }) => session),
      audience,
      content,
      variables,
      scheduledAt: scheduled_at ?? null,
      expiresAt: expires_at ?? null,
      duplicates: draft.duplicates,
    });
    const delivery = { job: id, trigger: 'broadcast', sentBy: by.actor, scheduled_at, expires_at, priority } as const;
    await this.bulk.accept(sql, by.organization, delivery, rows);
    const all = [...people, ...draft.excluded];
    await this.broadcasts.addRecipients(
      sql,
      id,
      all,
      all.map((_, n) => rows[n]?.id ?? null),
    );
  }

  async list(organization: OrganizationId, query: ListBroadcasts): Promise<BroadcastPage> {
    const { rows, next } = await this.db.asTenantSql(organization, (sql) =>
      this.broadcasts.list(sql, organization, query),
    );
    return { items: rows.map(summaryOf), next_cursor: next };
  }

  /** Counted anew. @throws BroadcastNotFound */
  get(organization: OrganizationId, id: BroadcastId): Promise<BroadcastView> {
    return this.db.asTenantSql(organization, async (sql) =>
      viewOf(
        await this.broadcasts.get(sql, id),
        await this.broadcasts.numbers(sql, id),
        await this.broadcasts.excluded(sql, id),
      ),
    );
  }

  /** @throws BroadcastNotFound */
  async recipients(organization: OrganizationId, id: BroadcastId, query: ListRecipients): Promise<RecipientPage> {
    const { rows, next } = await this.db.asTenantSql(organization, async (sql) => {
      await this.broadcasts.get(sql, id);
      return this.broadcasts.recipients(sql, id, query);
    });
    return { items: rows.map(recipientView), next_cursor: next };
  }

  /** As `JobsService.order`. @throws BroadcastNotFound | JobNotPausable | JobNotResumable | JobNotCancellable */
  async order(by: Caller, id: BroadcastId, order: JobOrder): Promise<BroadcastView> {
    await this.get(by.organization, id);
    await this.jobs.order(by, JobId.parse(id), order);
    return this.get(by.organization, id);
  }

  /** @throws BroadcastNotFound | JobNothingFailed */
  async retryFailed(by: Caller, id: BroadcastId): Promise<BroadcastView> {
    await this.get(by.organization, id);
    await this.jobs.retryFailed(by, JobId.parse(id));
    return this.get(by.organization, id);
  }

  /** What became of everybody, as lines of CSV. Fails before it answers, if at the first page. @throws BroadcastNotFound */
  async export(by: Caller, id: BroadcastId, filter: FilterRecipients): Promise<AsyncIterable<string>> {
    await this.db.asTenantSql(by.organization, async (sql) => {
      const { name } = await this.broadcasts.get(sql, id);
      const changes = changesBetween(null, { name });
      await this.audit.addSql(sql, by, { action: 'broadcast.exported', target: { type: 'broadcast', id }, changes });
    });
    const read = (cursor?: string) =>
      this.db.asTenantSql(by.organization, (sql) =>
        this.broadcasts.recipients(sql, id, { ...filter, cursor, limit: EXPORT_PAGE }),
      );
    return csvOf(pagesFrom(await read(), read));
  }
}

async function* csvOf(pages: AsyncIterable<RecipientRow[]>): AsyncIterable<string> {
  yield `\uFEFF${csvLine(EXPORT_COLUMNS)}`;
  for await (const page of pages) yield page.map((row) => csvLine(exportCells(row))).join('');
}
