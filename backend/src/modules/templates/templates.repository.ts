import { Injectable } from '@nestjs/common';
import type { Media, Prisma, Template } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import type { CreateTemplate, ListTemplates, UpdateTemplate } from './templates.dto.ts';
import type { SystemTemplate } from './system-templates.ts';

/** How often one was used; also of those that come with Wasel. */
export type Use = Readonly<{ count: number; lastAt: Date }>;
/** What is needed to fill one in. */
export type Fillable = Readonly<{
  id: string;
  language: string;
  body: string;
  active: boolean;
  header: Readonly<{ type: 'image' | 'document'; mediaId: string }> | null;
}>;

const USED = `insert into template_uses (organization_id, template_id, use_count, last_used_at)
  select private.current_organization(), u.id, u.n, now() from unnest($1::uuid[], $2::int[]) as u (id, n) order by u.id
  on conflict (organization_id, template_id) do update
     set use_count = template_uses.use_count + excluded.use_count, last_used_at = excluded.last_used_at`;

@Injectable()
export class TemplatesRepository {
  /** An organization's own, the newest first. */
  list(tx: TenantTx, query: ListTemplates, before: string | undefined, limit: number): Promise<Template[]> {
    const { category, language, search, active } = query;
    return tx.template.findMany({
      where: {
        ...(category ? { category } : {}),
        ...(language ? { language } : {}),
        ...(active ? { active: active === 'true' } : {}),
        ...(search ? { OR: [{ name: like(search) }, { body: like(search) }] } : {}),
        ...(before ? { id: { lt: before } } : {}),
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  find(tx: TenantTx, id: string): Promise<Template | null> {
    return tx.template.findFirst({ where: { id } });
  }

  count(tx: TenantTx): Promise<number> {
    return tx.template.count();
  }

  create(tx: TenantTx, organization: OrganizationId, template: CreateTemplate): Promise<Template> {
    const { header, ...fields } = template;
    return tx.template.create({ data: { organizationId: organization, id: newId(), ...fields, ...headerOf(header) } });
  }

  async update(tx: TenantTx, organization: OrganizationId, id: string, to: UpdateTemplate): Promise<Template> {
    const { header, name, category, language, body, active } = to;
    const data: Prisma.TemplateUpdateInput = {
      ...(name === undefined ? {} : { name }),
      ...(category === undefined ? {} : { category }),
      ...(language === undefined ? {} : { language }),
      ...(body === undefined ? {} : { body }),
      ...(active === undefined ? {} : { active }),
      ...(header === undefined ? {} : headerOf(header)),
    };
    return tx.template.update({ where: { organizationId_id: { organizationId: organization, id } }, data });
  }

  async delete(tx: TenantTx, id: string): Promise<void> {
    await tx.template.deleteMany({ where: { id } });
    await tx.templateUse.deleteMany({ where: { templateId: id } });
  }

  async usesOf(tx: TenantTx, ids: readonly string[]): Promise<Map<string, Use>> {
    const rows = await tx.templateUse.findMany({ where: { templateId: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.templateId, { count: Number(row.useCount), lastAt: row.lastUsedAt }]));
  }

  async mediaOf(tx: TenantTx, ids: readonly string[]): Promise<Map<string, Media>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.media.findMany({ where: { id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Those of the named that are an organization's own. */
  async fillable(sql: TenantSql, ids: readonly string[]): Promise<Fillable[]> {
    const { rows } = await sql.query<{
      id: string;
      language: string;
      body: string;
      active: boolean;
      header_type: 'image' | 'document' | null;
      header_media_id: string | null;
    }>({
      name: 'templates.fillable',
      text: 'select id, language, body, active, header_type, header_media_id from templates where id = any ($1)',
      values: [ids],
    });
    return rows.map(({ header_type: type, header_media_id: mediaId, ...row }) => ({
      ...row,
      header: type && mediaId ? { type, mediaId } : null,
    }));
  }

  /**
   * Counts what was used. Everybody who sends by the same template waits here for whoever did before: it is the last statement
   * of a transaction.
   */
  async used(sql: TenantSql, uses: ReadonlyMap<string, number>): Promise<void> {
    if (uses.size === 0) return;
    await sql.query({ name: 'templates.used', text: USED, values: [[...uses.keys()], [...uses.values()]] });
  }
}

const like = (text: string) => ({
  contains: text.replaceAll(/[\\%_]/g, String.raw`\$&`),
  mode: 'insensitive' as const,
});

const headerOf = (header: CreateTemplate['header']) => ({
  headerType: header?.type ?? null,
  headerMediaId: header?.media_id ?? null,
});

export const fillableOf = ({ id, language, body }: SystemTemplate): Fillable => ({
  id,
  language,
  body,
  active: true,
  header: null,
});
