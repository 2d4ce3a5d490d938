import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantDb, TenantSql } from '../../platform/database/tenant-db.ts';
import { mergeContacts } from './contact-merges.ts';
import { PeopleMoved, PeopleToMerge } from './people-changed.ts';

const TRIES_MAX = 8;

/**
 * Runs `work` in a transaction, and again for as long as people are found to be one in it, or are merged or parted by
 * somebody else at the same time.
 * @param fence runs first in the transactions of merges, as it does in `work`: holds the lease of whoever learnt it; a request
 *   has none
 */
export async function settlingPeople<T>(
  db: TenantDb,
  organization: OrganizationId,
  work: (sql: TenantSql) => Promise<T>,
  fence: (sql: TenantSql) => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.asTenantSql(organization, work);
    } catch (error) {
      if (tries === TRIES_MAX || !isPassing(error)) throw error;
      if (error instanceof PeopleToMerge) await mergeAll(db, organization, fence, error);
    }
  }
}

/** One transaction for each, so that a large one keeps nobody waiting for the others. */
async function mergeAll(
  db: TenantDb,
  organization: OrganizationId,
  fence: (sql: TenantSql) => Promise<void>,
  { know, evidence }: PeopleToMerge,
): Promise<void> {
  const pairs = await afterDeadlocks(() =>
    db.asTenantSql(organization, async (sql) => {
      await fence(sql);
      return know(sql);
    }),
  );
  for (const pair of pairs)
    await afterDeadlocks(() =>
      db.asTenantSql(organization, async (sql) => {
        await fence(sql);
        await mergeContacts(sql, organization, pair, { ...evidence, by: null });
      }),
    );
}

/** Merging locks what is being sent and received at the same time: who loses tries again. */
export async function afterDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES_MAX || !isPassing(error)) throw error;
    }
  }
}

/** What is gone by the next try: two who waited for each other, or who wrote one address at the same time. */
function isPassing(error: unknown): boolean {
  if (error instanceof PeopleToMerge || error instanceof PeopleMoved) return true;
  const { code, table } = error as { code?: unknown; table?: unknown };
  return code === '40P01' || (code === '23505' && table === 'contacts');
}
