import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Evidence } from './contacts.repository.ts';
import type { Pair } from './identity.rules.ts';

/** Two contacts turned out to be one person: merge them in a transaction of its own, then do again what found it out. */
export class PeopleToMerge extends Error {
  /** @param know makes the contacts, for those that were new go with the transaction that this ends */
  constructor(
    readonly know: (sql: TenantSql) => Promise<Pair[]>,
    readonly evidence: Evidence,
  ) {
    super('two contacts are one person');
  }
}

/** Somebody merged or parted people between two statements: do it again. */
export class PeopleMoved extends Error {
  constructor() {
    super('people were merged or parted meanwhile');
  }
}
