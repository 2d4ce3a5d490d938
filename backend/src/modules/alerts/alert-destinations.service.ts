import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import type { AlertDestinationId, OrganizationId } from '../../kernel/ids.ts';
import type { Language } from '../../kernel/language.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { assertMayReach } from '../../platform/http/public-address.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { AlertDestinationsRepository } from './alert-destinations.repository.ts';
import type { AlertDestinationView, CreateAlertDestination } from './alerts.dto.ts';
import { AlertDestinationLimit, AlertDestinationNotFound } from './alerts.errors.ts';
import { testText } from './alerts.letters.ts';
import { formatOf } from './webhook-payload.ts';

const DESTINATIONS_MAX = 10;

/** Where an organization is told of its alerts. */
@Injectable()
export class AlertDestinationsService {
  constructor(
    private readonly config: Config,
    private readonly db: TenantDb,
    private readonly destinations: AlertDestinationsRepository,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  list(organization: OrganizationId): Promise<AlertDestinationView[]> {
    return this.db.asTenant(organization, (tx) => this.destinations.list(tx));
  }

  /** @throws AddressNotAllowed | AlertDestinationLimit */
  create(by: Caller, { name, url, format }: CreateAlertDestination): Promise<AlertDestinationView> {
    assertMayReach(url, this.config.outgoing.allowedNetworks);
    return this.db.asTenant(by.organization, async (tx) => {
      await this.destinations.holdOrganization(tx);
      if ((await this.destinations.list(tx)).length >= DESTINATIONS_MAX)
        throw new AlertDestinationLimit(DESTINATIONS_MAX);
      const wanted = { name, url, format: format ?? formatOf(url), createdBy: by.actor.name };
      const created = await this.destinations.create(tx, by.organization, wanted);
      await this.note(tx, by, 'alert_destination.created', created.id, changesBetween(null, shown(created)));
      return created;
    });
  }

  /** @throws AlertDestinationNotFound */
  async delete(by: Caller, id: AlertDestinationId): Promise<void> {
    await this.db.asTenant(by.organization, async (tx) => {
      const found = await this.get(tx, id);
      if (!(await this.destinations.delete(tx, id))) throw new AlertDestinationNotFound(id);
      await this.note(tx, by, 'alert_destination.deleted', id, changesBetween(shown(found), null));
    });
  }

  /** Has a test told there: what became of it the destination says, a moment later. @throws AlertDestinationNotFound */
  async test(by: Caller, id: AlertDestinationId): Promise<AlertDestinationView> {
    const found = await this.db.asTenant(by.organization, async (tx) => {
      const destination = await this.get(tx, id);
      const { language } = await tx.organization.findUniqueOrThrow({ where: { id: by.organization } });
      await this.destinations.addTest(tx, by.organization, id, testText(language as Language));
      await this.note(tx, by, 'alert_destination.tested', id);
      return destination;
    });
    this.signals.send('alert_deliveries', {});
    return found;
  }

  private async get(tx: TenantTx, id: AlertDestinationId): Promise<AlertDestinationView> {
    const found = await this.destinations.find(tx, id);
    if (!found) throw new AlertDestinationNotFound(id);
    return found;
  }

  private note(
    tx: TenantTx,
    by: Caller,
    action: Extract<AuditAction, `alert_destination.${string}`>,
    id: AlertDestinationId,
    changes = {},
  ): Promise<void> {
    return this.audit.add(tx, by, { action, target: { type: 'alert_destination', id }, changes });
  }
}

const shown = ({ name, format, host }: AlertDestinationView) => ({ name, format, host });
