import { Injectable } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DomainError } from '../../kernel/domain-error.ts';
import { newId, SessionId } from '../../kernel/ids.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Idempotency } from '../../platform/http/idempotency.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import type { Caller } from '../auth/caller.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { MessagesRepository } from '../messages/messages.repository.ts';
import { TemplateNotFound, TemplateVariablesMissing } from '../templates/templates.errors.ts';
import { fill } from '../templates/templates.filling.ts';
import type { Fillable } from '../templates/templates.repository.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import type { BulkAccepted, BulkMessage, SendBulk } from './bulk.dto.ts';
import { BulkRepository, type BulkRow } from './bulk.repository.ts';

/** What is written, and not yet where. */
export type Written = Omit<BulkRow, 'id' | 'place'>;

@Injectable()
export class BulkService {
  constructor(
    private readonly db: TenantDb,
    private readonly bulk: BulkRepository,
    private readonly contacts: ContactsRepository,
    private readonly messages: MessagesRepository,
    private readonly templates: TemplatesService,
    private readonly jobs: JobsService,
    private readonly entitlements: Entitlements,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * Accepts all of them, in one transaction, or none.
   * @throws SessionRequired | SessionNotFound | SessionNotLinked | IdempotencyKeyReused, and RequestInvalid with every fault of
   *   every message
   */
  async send(by: Caller, request: SendBulk, key: string | null): Promise<BulkAccepted> {
    const accepted = await settlingPeople(this.db, by.organization, (sql) =>
      this.idempotency.run(sql, by.organization, key, request, () => this.accept(sql, by, request)),
    );
    this.jobs.begun(by, [accepted.session_id]);
    return accepted;
  }

  /** In a transaction of somebody's (`settlingPeople`), who tells of it when that has committed (`JobsService.begun`). @throws as `send` */
  async accept(sql: TenantSql, by: Caller, request: SendBulk): Promise<BulkAccepted> {
    const { organization } = by;
    const { messages, session_id: wanted, name, ...delivery } = request;
    const session = await this.messages.senderOf(sql, wanted);
    const written = await this.rowsOf(sql, messages);
    const total = written.length;
    const job = await this.jobs.create(sql, by, { kind: 'bulk_messages', name: name ?? '', session, total });
    const numbers = messages.map(({ to }) => to);
    const places = await this.contacts.placesOfNumbers(sql, session, numbers);
    const rows = written.flatMap((row, n) => (places[n] ? [{ ...row, id: newId(), place: places[n] }] : []));
    await this.bulk.accept(sql, organization, { ...delivery, job, trigger: 'bulk', sentBy: by.actor }, rows);
    await this.entitlements.reserveMessages(sql, organization, total);
    await this.templates.used(sql, usesOf(rows));
    return { job_id: job, session_id: SessionId.parse(session), total };
  }

  /** With their words made. @throws RequestInvalid with every fault of every message */
  private async rowsOf(sql: TenantSql, messages: readonly BulkMessage[]): Promise<Written[]> {
    const ids = [...new Set(messages.flatMap(({ template_id: id }) => id ?? []))];
    const templates = ids.length > 0 ? await this.templates.load(sql, ids) : new Map<string, Fillable>();
    const faults: StandardSchemaV1.Issue[] = [];
    const rows = messages.flatMap((message, n) => {
      try {
        return rowOf(message, templates);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        faults.push(...faultsOf(error, ['messages', n]));
        return [];
      }
    });
    if (faults.length > 0) throw new RequestInvalid(faults);
    return rows;
  }
}

/** @throws TemplateNotFound | TemplateInactive | TemplateVariablesMissing | TemplateTextTooLong */
export function rowOf(message: BulkMessage, templates: ReadonlyMap<string, Fillable>): Written {
  const { text, template_id: id, parameters = {}, related_type, related_id } = message;
  const common = { relatedType: related_type ?? null, relatedId: related_id ?? null };
  if (id === undefined) return { ...common, type: 'text', text: text ?? '', mediaId: null, template: undefined };
  const template = templates.get(id);
  if (!template) throw new TemplateNotFound(id);
  const { content, template: from } = fill(template, parameters);
  if (content.type === 'text') return { ...common, ...content, mediaId: null, template: from };
  return { ...common, type: content.type, text: content.caption, mediaId: content.media_id, template: from };
}

/** A fault at the field that causes it. */
function faultsOf(error: DomainError, at: readonly PropertyKey[]): StandardSchemaV1.Issue[] {
  if (error instanceof TemplateVariablesMissing)
    return error.missing.map((name) => ({
      path: [...at, 'parameters', name],
      message: 'The template asks for a value.',
    }));
  return [{ path: [...at, 'template_id'], message: `${error.title}. ${error.detail}` }];
}

export function usesOf(rows: readonly Written[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { template } of rows) if (template) uses.set(template.id, (uses.get(template.id) ?? 0) + 1);
  return uses;
}
