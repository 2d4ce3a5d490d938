import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { SystemSql } from '../database/system-db.ts';
import type { TenantSql, TenantTx } from '../database/tenant-db.ts';

/**
 * Something that happened, named `<noun>.<past participle>` as on the socket and in webhooks. `subject` is the id of the row
 * that it happened to; the payload carries ids and what changed, never whole rows and never message text.
 */
export type Fact = Readonly<{
  organization: OrganizationId;
  type: string;
  version: number;
  subject: string;
  payload: Readonly<Record<string, unknown>>;
}>;

/** Columns of `private.facts` that a writer fills; xid, id and time come from the database. */
const INSERT = `insert into private.facts (organization_id, type, version, subject, payload)
  select (f.fact ->> 'organization_id')::uuid, f.fact ->> 'type', (f.fact ->> 'version')::smallint, (f.fact ->> 'subject')::uuid,
         f.fact -> 'payload'
    from jsonb_array_elements($1::jsonb) with ordinality as f (fact, n) order by f.n`;

/** Writes facts in the transaction that makes them true: both happen or neither. Followers read them after commit. */
@Injectable()
export class Facts {
  async add(tx: TenantTx, ...facts: Fact[]): Promise<void> {
    if (facts.length > 0) await tx.$executeRawUnsafe(INSERT, toRecords(facts));
  }

  /** As `add`, in a transaction of hand-written SQL. */
  async addSql(sql: TenantSql | SystemSql, ...facts: Fact[]): Promise<void> {
    if (facts.length > 0) await sql.query({ name: 'facts.add', text: INSERT, values: [toRecords(facts)] });
  }
}

const toRecords = (facts: Fact[]): string =>
  JSON.stringify(facts.map(({ organization, ...fact }) => ({ organization_id: organization, ...fact })));
