import type { TenantSql } from './tenant-db.ts';

/** What one transaction of an organization does at a time. */
export type OrganizationLock = 'contact merges';

/** Waits until nobody else in the organization does this; it is over with the transaction. */
export async function lockOrganization(sql: TenantSql, what: OrganizationLock): Promise<void> {
  await sql.query({
    name: 'lock_organization',
    text: `select pg_advisory_xact_lock(hashtextextended($1 || private.current_organization()::text, 0))`,
    values: [what],
  });
}
