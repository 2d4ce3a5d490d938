import { Injectable } from '@nestjs/common';
import type { AlertId, OrganizationId, UserId } from '../../kernel/ids.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import { OrganizationNotFound } from '../auth/auth.errors.ts';
import type { Caller } from '../auth/caller.ts';
import type { AlertPage, AlertSettings, AlertSummary, AlertView, ListAlerts } from './alerts.dto.ts';
import { AlertNotFound } from './alerts.errors.ts';
import { alertAcknowledged } from './alerts.events.ts';
import { AlertsRepository } from './alerts.repository.ts';

/** What people do with alerts. They are raised, and resolved, by what happens to the numbers. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly db: TenantDb,
    private readonly alerts: AlertsRepository,
    private readonly audit: AuditTrail,
    private readonly facts: Facts,
    private readonly signals: Signals,
  ) {}

  list(organization: OrganizationId, query: ListAlerts): Promise<AlertPage> {
    return this.db.asTenant(organization, (tx) => this.alerts.list(tx, organization, query));
  }

  summary(organization: OrganizationId): Promise<AlertSummary> {
    return this.db.asTenant(organization, (tx) => this.alerts.summary(tx));
  }

  /** Says that somebody looks after it; a second time changes nothing. @throws AlertNotFound */
  async acknowledge(by: Caller, id: AlertId): Promise<AlertView> {
    const alert = await this.db.asTenant(by.organization, async (tx) => {
      await this.note(tx, by, id);
      return this.alerts.find(tx, id);
    });
    if (!alert) throw new AlertNotFound(id);
    this.signals.send('facts', { organization: by.organization });
    return alert;
  }

  /** The same of all that are open. */
  async acknowledgeAll(by: Caller): Promise<AlertSummary> {
    const summary = await this.db.asTenant(by.organization, async (tx) => {
      await this.note(tx, by, null);
      return this.alerts.summary(tx);
    });
    this.signals.send('facts', { organization: by.organization });
    return summary;
  }

  private async note(tx: TenantTx, by: Caller, id: AlertId | null): Promise<void> {
    for (const { kind, ...alert } of await this.alerts.acknowledge(tx, id, by.actor.name)) {
      await this.audit.add(tx, by, {
        action: 'alert.acknowledged',
        target: { type: 'alert', id: alert.id },
        changes: changesBetween(null, { kind }),
      });
      await this.facts.add(tx, alertAcknowledged({ organization: by.organization, kind, ...alert }));
    }
  }

  /** @throws OrganizationNotFound for who has just left */
  async settings(organization: OrganizationId, user: UserId): Promise<AlertSettings> {
    const settings = await this.db.asTenant(organization, (tx) => this.alerts.settings(tx, user));
    if (!settings) throw new OrganizationNotFound();
    return settings;
  }

  async saveSettings(organization: OrganizationId, user: UserId, settings: AlertSettings): Promise<AlertSettings> {
    await this.db.asTenant(organization, (tx) => this.alerts.saveSettings(tx, organization, user, settings));
    return settings;
  }
}
