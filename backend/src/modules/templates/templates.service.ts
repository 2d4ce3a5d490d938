import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Media, Template } from '../../generated/prisma/client.ts';
import { MediaId, type OrganizationId, TemplateId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql, type TenantTx } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { MediaService } from '../media/media.service.ts';
import type { SendAccepted } from '../messages/messages.dto.ts';
import { MessagesService, triggerOf } from '../messages/messages.service.ts';
import { CAPTION_MAX } from '../messages/send-message.dto.ts';
import { type SystemTemplate, SYSTEM_TEMPLATES, systemTemplate } from './system-templates.ts';
import {
  type CopyTemplate,
  type CreateTemplate,
  type HeaderType,
  type ListTemplates,
  type SendTemplate,
  type TemplateCategory,
  type TemplateHeader,
  type TemplatePage,
  type TemplatePreview,
  type TemplateView,
  type UpdateTemplate,
} from './templates.dto.ts';
import { SystemTemplateFixed, TemplateLimit, TemplateNotFound } from './templates.errors.ts';
import { fill } from './templates.filling.ts';
import { type Fillable, fillableOf, TemplatesRepository, type Use } from './templates.repository.ts';
import { missingIn, partsOf, render, variablesOf } from './templates.rules.ts';

/** Of an organization's own. */
const TEMPLATES_MAX = 1_000;

@Injectable()
export class TemplatesService {
  constructor(
    private readonly db: TenantDb,
    private readonly templates: TemplatesRepository,
    private readonly media: MediaService,
    private readonly messages: MessagesService,
    private readonly audit: AuditTrail,
  ) {}

  async list(organization: OrganizationId, query: ListTemplates): Promise<TemplatePage> {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), query.cursor)?.[0];
    return this.db.asTenant(organization, async (tx) => {
      const own = await this.templates.list(tx, query, before, query.limit + 1);
      const system = SYSTEM_TEMPLATES.filter(
        (template) => matches(template, query) && (before === undefined || template.id < before),
      );
      const { rows, next } = cutPage(organization, [...own, ...system], query.limit, ({ id }) => [id]);
      return { items: await this.toViews(tx, rows), next_cursor: next };
    });
  }

  /** @throws TemplateNotFound */
  async get(organization: OrganizationId, id: TemplateId): Promise<TemplateView> {
    return this.db.asTenant(organization, async (tx) => this.toView(tx, await this.find(tx, id)));
  }

  /** @throws MediaNotFound | MediaTypeMismatch | TemplateLimit | RequestInvalid */
  async create(by: Caller, template: CreateTemplate): Promise<TemplateView> {
    await this.assertHeader(by.organization, template);
    return this.db.asTenant(by.organization, (tx) => this.add(tx, by, template));
  }

  /** Makes one of your own out of any. @throws TemplateNotFound | TemplateLimit */
  async copy(by: Caller, id: TemplateId, { name }: CopyTemplate): Promise<TemplateView> {
    return this.db.asTenant(by.organization, async (tx) => {
      const { category, language, body, ...from } = await this.find(tx, id);
      const header = headerOf(from);
      const copied = { name: name ?? from.name, category: category as TemplateCategory, language, body, header };
      return this.add(tx, by, { ...copied, active: true });
    });
  }

  /** @throws TemplateNotFound | SystemTemplateFixed | MediaNotFound | MediaTypeMismatch | RequestInvalid */
  async update(by: Caller, id: TemplateId, to: UpdateTemplate): Promise<TemplateView> {
    const { organization } = by;
    const before = await this.db.asTenant(organization, (tx) => this.own(tx, id));
    await this.assertHeader(organization, { body: before.body, header: headerOf(before), ...to });
    return this.db.asTenant(organization, async (tx) => {
      const was = await this.own(tx, id);
      const template = await this.templates.update(tx, organization, id, to);
      const changes = changesBetween(settingsOf(was), settingsOf(template));
      const target = { type: 'template' as const, id };
      if (was.body !== template.body || Object.keys(changes).length > 0)
        await this.audit.add(tx, by, { action: 'template.updated', target, changes });
      return this.toView(tx, template);
    });
  }

  /** What was sent by it stays. @throws TemplateNotFound | SystemTemplateFixed */
  async delete(by: Caller, id: TemplateId): Promise<void> {
    await this.db.asTenant(by.organization, async (tx) => {
      const template = await this.own(tx, id);
      await this.templates.delete(tx, id);
      const changes = changesBetween(settingsOf(template), null);
      await this.audit.add(tx, by, { action: 'template.deleted', target: { type: 'template', id }, changes });
    });
  }

  /** @throws TemplateNotFound */
  async preview(
    organization: OrganizationId,
    id: TemplateId,
    parameters: Readonly<Record<string, string>>,
  ): Promise<TemplatePreview> {
    const { body } = await this.db.asTenant(organization, (tx) => this.find(tx, id));
    const missing = missingIn(variablesOf(body), parameters);
    const parts = partsOf(body).map((part) =>
      'variable' in part && missing.includes(part.variable) ? { text: `{{${part.variable}}}` } : part,
    );
    return { text: render(parts, parameters), missing };
  }

  /**
   * Accepts a message that is made of a template.
   * @throws TemplateNotFound | TemplateInactive | TemplateVariablesMissing | TemplateTextTooLong, and as `MessagesService.send`
   */
  send(by: Caller, request: SendTemplate, key: string | null): Promise<SendAccepted> {
    return this.messages.sendOnce(by, key, request, async (sql) => {
      const { template_id: id, parameters, ...where } = request;
      const template = (await this.load(sql, [id])).get(id);
      if (!template) throw new TemplateNotFound(id);
      const filled = fill(template, parameters);
      const origin = { trigger: triggerOf(by.actor), template: filled.template };
      const accepted = await this.messages.accept(sql, by, { ...where, ...filled.content }, origin);
      await this.used(sql, new Map([[id, 1]]));
      return accepted;
    });
  }

  /** Those of the named that there are, by id. */
  async load(sql: TenantSql, ids: readonly string[]): Promise<Map<string, Fillable>> {
    const system = ids.flatMap((id) => systemTemplate(id) ?? []).map(fillableOf);
    const others = ids.filter((id) => !systemTemplate(id));
    const own = others.length > 0 ? await this.templates.fillable(sql, others) : [];
    return new Map([...system, ...own].map((template) => [template.id, template]));
  }

  /** The variables of a template. @throws TemplateNotFound */
  async variablesOf(sql: TenantSql, id: string): Promise<string[]> {
    const template = (await this.load(sql, [id])).get(id);
    if (!template) throw new TemplateNotFound(id);
    return variablesOf(template.body);
  }

  /** Counts what was sent by each, last of all in the transaction that accepts it. */
  used(sql: TenantSql, uses: ReadonlyMap<string, number>): Promise<void> {
    return this.templates.used(sql, uses);
  }

  private async add(tx: TenantTx, by: Caller, template: CreateTemplate): Promise<TemplateView> {
    if ((await this.templates.count(tx)) >= TEMPLATES_MAX) throw new TemplateLimit(TEMPLATES_MAX);
    const made = await this.templates.create(tx, by.organization, template);
    const changes = changesBetween(null, settingsOf(made));
    await this.audit.add(tx, by, { action: 'template.created', target: { type: 'template', id: made.id }, changes });
    return this.toView(tx, made);
  }

  private async find(tx: TenantTx, id: string): Promise<Template | SystemTemplate> {
    const found = systemTemplate(id) ?? (await this.templates.find(tx, id));
    if (!found) throw new TemplateNotFound(id);
    return found;
  }

  private async own(tx: TenantTx, id: string): Promise<Template> {
    if (systemTemplate(id)) throw new SystemTemplateFixed(id);
    const found = await this.templates.find(tx, id);
    if (!found) throw new TemplateNotFound(id);
    return found;
  }

  private async assertHeader(
    organization: OrganizationId,
    { header, body }: { header: TemplateHeader | null; body: string },
  ): Promise<void> {
    if (!header) return;
    if (body.length > CAPTION_MAX)
      throw new RequestInvalid([{ path: ['body'], message: `Below a file write at most ${CAPTION_MAX} characters.` }]);
    await this.db.asTenantSql(organization, (sql) => this.media.assertSendable(sql, header.media_id, header.type));
  }

  private async toView(tx: TenantTx, template: Template | SystemTemplate): Promise<TemplateView> {
    const [view] = await this.toViews(tx, [template]);
    return view as TemplateView;
  }

  private async toViews(tx: TenantTx, templates: readonly (Template | SystemTemplate)[]): Promise<TemplateView[]> {
    const uses = await this.templates.usesOf(
      tx,
      templates.map(({ id }) => id),
    );
    const media = await this.templates.mediaOf(
      tx,
      templates.flatMap((template) => headerOf(template)?.media_id ?? []),
    );
    return templates.map((template) => this.view(template, uses.get(template.id), media));
  }

  private view(template: Template | SystemTemplate, use: Use | undefined, media: Map<string, Media>): TemplateView {
    const header = headerOf(template);
    const file = media.get(header?.media_id ?? '');
    const own = 'organizationId' in template ? template : null;
    return {
      id: TemplateId.parse(template.id),
      name: template.name,
      category: template.category as TemplateCategory,
      language: template.language,
      body: template.body,
      variables: variablesOf(template.body),
      header: header && { ...header, media: file ? this.media.toView(file) : null },
      system: own === null,
      active: own?.active ?? true,
      use_count: use?.count ?? 0,
      last_used_at: use?.lastAt.toISOString() ?? null,
      created_at: own?.createdAt.toISOString() ?? null,
      updated_at: own?.updatedAt.toISOString() ?? null,
    };
  }
}

const matches = (template: SystemTemplate, { category, language, search, active }: ListTemplates): boolean =>
  (category === undefined || template.category === category) &&
  (language === undefined || template.language === language) &&
  active !== 'false' &&
  (search === undefined ||
    `${template.name}\n${template.body}`.toLocaleLowerCase().includes(search.toLocaleLowerCase()));

const headerOf = (template: Pick<Template, 'headerType' | 'headerMediaId'>): TemplateHeader | null => {
  const { headerType: type, headerMediaId: id } = template;
  return type && id ? { type: type as HeaderType, media_id: MediaId.parse(id) } : null;
};

/** What the audit log says of it: how long its text is, not what it says to people. */
const settingsOf = ({ name, category, language, active, body, headerType, headerMediaId }: Template) => ({
  name,
  category,
  language,
  active,
  characters: body.length,
  header: headerType === null ? null : `${headerType} ${headerMediaId}`,
});
