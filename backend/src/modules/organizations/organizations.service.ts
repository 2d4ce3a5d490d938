import { Injectable } from '@nestjs/common';
import type { Organization, OrganizationDeletion, OrganizationSuspension } from '../../generated/prisma/client.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import type { Language } from '../../kernel/language.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import { OrganizationNotFound } from '../auth/auth.errors.ts';
import { type Caller, personIn, type User } from '../auth/caller.ts';
import { Memberships } from '../auth/memberships.ts';
import { SuperAdmins } from '../auth/super-admins.ts';
import type {
  CreateOrganization,
  MeView,
  OrganizationView,
  UpdateOrganization,
  UpdateMe,
} from './organizations.dto.ts';
import { organizationCreated } from './organizations.events.ts';

@Injectable()
export class OrganizationsService {
  constructor(
    private readonly db: TenantDb,
    private readonly system: SystemDb,
    private readonly memberships: Memberships,
    private readonly superAdmins: SuperAdmins,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
  ) {}

  /** The person with all his organizations, each read as itself. */
  async me(user: User): Promise<MeView> {
    const members = await this.memberships.of(user.id);
    const memberships = await Promise.all(
      members.map(async ({ organization, role }) => ({ organization: await this.find(organization), role })),
    );
    const { rows } = await this.system.query<{ name: string }>('select name from users where id = $1', [user.id]);
    return {
      id: user.id,
      email: user.email,
      name: rows[0]?.name ?? user.name,
      super_admin: await this.superAdmins.has(user.id),
      memberships: memberships.filter(isThere),
    };
  }

  async updateMe(user: User, { name }: UpdateMe): Promise<MeView> {
    await this.system.query('update users set name = $2, updated_at = now() where id = $1', [user.id, name]);
    return this.me(user);
  }

  /** @throws OrganizationNotFound when it was deleted meanwhile */
  async get(organization: OrganizationId): Promise<OrganizationView> {
    const found = await this.find(organization);
    if (!found) throw new OrganizationNotFound();
    return found;
  }

  private find(organization: OrganizationId): Promise<OrganizationView | null> {
    return this.db.asTenant(organization, async (tx) => {
      const row = await tx.organization.findUnique({ where: { id: organization }, include: { suspension: true } });
      const deletion = row && (await tx.organizationDeletion.findFirst({ where: { completedAt: null } }));
      return row && toView({ ...row, deletion });
    });
  }

  /** Creates an organization; whoever does owns it. */
  async create(
    user: User,
    address: string | null,
    { time_zone: timeZone, ...rest }: CreateOrganization,
  ): Promise<OrganizationView> {
    const id = OrganizationId.parse(newId());
    const created = await this.db.asTenant(id, async (tx) => {
      const row = await tx.organization.create({ data: { id, ...rest, timeZone } });
      await tx.membership.create({ data: { organizationId: id, userId: user.id, role: 'owner' } });
      await this.facts.add(tx, organizationCreated(id, user.id));
      await this.audit.add(tx, personIn(id, user, address), {
        action: 'organization.created',
        target: { type: 'organization', id },
        changes: changesBetween(null, settingsOf(row)),
      });
      return row;
    });
    this.signals.send('facts', { organization: id });
    return toView({ ...created, suspension: null, deletion: null });
  }

  update(by: Caller, { time_zone: timeZone, ...rest }: UpdateOrganization): Promise<OrganizationView> {
    const id = by.organization;
    return this.db.asTenant(id, async (tx) => {
      const before = await tx.organization.findUnique({ where: { id } });
      if (!before) throw new OrganizationNotFound();
      const data = { ...rest, ...(timeZone ? { timeZone } : {}) };
      const after = await tx.organization.update({ where: { id }, data, include: { suspension: true } });
      const changes = changesBetween(settingsOf(before), settingsOf(after));
      await this.audit.add(tx, by, { action: 'organization.updated', target: { type: 'organization', id }, changes });
      return toView({ ...after, deletion: null }); // of one that was deleted nothing is changed
    });
  }
}

/** One that was deleted between two statements is left out. */
const isThere = <T extends { organization: OrganizationView | null }>(
  one: T,
): one is T & { organization: OrganizationView } => one.organization !== null;

type Row = Organization & { suspension: OrganizationSuspension | null; deletion: OrganizationDeletion | null };

const settingsOf = ({ name, country, language, timeZone }: Organization) => ({
  name,
  country,
  language,
  time_zone: timeZone,
});

const toView = (row: Row): OrganizationView => ({
  id: OrganizationId.parse(row.id),
  name: row.name,
  country: row.country,
  language: row.language as Language,
  time_zone: row.timeZone,
  created_at: row.createdAt.toISOString(),
  suspension: row.suspension && {
    reason: row.suspension.reason,
    suspended_at: row.suspension.suspendedAt.toISOString(),
  },
  deletion: row.deletion && {
    requested_by: row.deletion.requestedBy,
    requested_at: row.deletion.requestedAt.toISOString(),
    due_at: row.deletion.dueAt.toISOString(),
  },
});
