import { Injectable } from '@nestjs/common';
import { AlertDestinationId, newId, type OrganizationId } from '../../kernel/ids.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import type { AlertDestinationView, DestinationFormat } from './alerts.dto.ts';

export type NewDestination = Readonly<{ name: string; format: DestinationFormat; url: string; createdBy: string }>;

/** All but the address, which no tenant can read. */
const SHOWN = {
  id: true,
  name: true,
  format: true,
  host: true,
  createdBy: true,
  createdAt: true,
  lastSentAt: true,
  failingSince: true,
  lastError: true,
} as const;

type Row = Readonly<{
  id: string;
  name: string;
  format: string;
  host: string;
  createdBy: string;
  createdAt: Date;
  lastSentAt: Date | null;
  failingSince: Date | null;
  lastError: string | null;
}>;

/** Where organizations are told of alerts. Who writes an address down cannot read it; the node that calls it can. */
@Injectable()
export class AlertDestinationsRepository {
  constructor(private readonly sealer: Sealer) {}

  /** In the order of their making. */
  async list(tx: TenantTx): Promise<AlertDestinationView[]> {
    return (await tx.alertDestination.findMany({ select: SHOWN, orderBy: { id: 'asc' } })).map(toView);
  }

  async create(
    tx: TenantTx,
    organizationId: OrganizationId,
    { url, ...destination }: NewDestination,
  ): Promise<AlertDestinationView> {
    const id = newId();
    const { keyId, sealed } = this.sealer.seal(Buffer.from(url), placeOf(id));
    const row = await tx.alertDestination.create({
      select: SHOWN,
      data: { ...destination, organizationId, id, host: new URL(url).host, keyId, sealed: Uint8Array.from(sealed) },
    });
    return toView(row);
  }

  async find(tx: TenantTx, id: AlertDestinationId): Promise<AlertDestinationView | null> {
    const row = await tx.alertDestination.findFirst({ select: SHOWN, where: { id } });
    return row && toView(row);
  }

  /** With what has still to be told there. @returns false when it is there no more */
  async delete(tx: TenantTx, id: AlertDestinationId): Promise<boolean> {
    return (await tx.alertDestination.deleteMany({ where: { id } })).count > 0;
  }

  /** Has something told there that is about no alert. */
  async addTest(tx: TenantTx, organization: OrganizationId, id: AlertDestinationId, text: string): Promise<void> {
    await tx.$executeRaw`insert into private.alert_deliveries (organization_id, destination_id, text)
      values (${organization}::uuid, ${id}::uuid, ${text})`;
  }

  /** Until the transaction ends, no other adds one. */
  async holdOrganization(tx: TenantTx): Promise<void> {
    await tx.$queryRaw`select from organizations for no key update`;
  }
}

const toView = (row: Row): AlertDestinationView => ({
  id: AlertDestinationId.parse(row.id),
  name: row.name,
  format: row.format === 'discord' ? 'discord' : 'slack',
  host: row.host,
  created_by: row.createdBy,
  created_at: row.createdAt.toISOString(),
  last_sent_at: row.lastSentAt?.toISOString() ?? null,
  failing_since: row.failingSince?.toISOString() ?? null,
  last_error: row.lastError,
});

/** Where the address of a destination belongs: a row that was moved elsewhere does not open. */
export const placeOf = (id: string): string => `alert destination ${id}`;
