import { Injectable } from '@nestjs/common';
import type { Import } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import type { CsvRow, Dialect } from './csv-reader.ts';
import type { ImportMapping } from './imports.dto.ts';

/** A file that nobody has read to its end for so long was broken off: its node died. */
const BROKEN_OFF = `interval '10 minutes'`;
/** What people uploaded goes after so long. */
const KEPT = `interval '7 days'`;

@Injectable()
export class ImportsRepository {
  constructor(private readonly system: SystemDb) {}

  create(tx: TenantTx, organization: OrganizationId, fileName: string, createdBy: string): Promise<Import> {
    return tx.import.create({
      data: { organizationId: organization, id: newId(), fileName, state: 'reading', createdBy, columns: [] },
    });
  }

  find(tx: TenantTx, id: string): Promise<Import | null> {
    return tx.import.findFirst({ where: { id } });
  }

  /** Holds it until the transaction ends. */
  async lock(sql: TenantSql, id: string): Promise<{ state: string; job_id: string | null } | undefined> {
    const { rows } = await sql.query<{ state: string; job_id: string | null }>(
      'select state, job_id from private.imports where id = $1 for update',
      [id],
    );
    return rows[0];
  }

  async stateOf(sql: TenantSql, id: string): Promise<{ state: string } | undefined> {
    const { rows } = await sql.query<{ state: string }>('select state from private.imports where id = $1', [id]);
    return rows[0];
  }

  async addRows(sql: TenantSql, id: string, rows: readonly CsvRow[]): Promise<void> {
    await sql.query(
      `insert into private.import_rows (organization_id, import_id, line, cells)
       select private.current_organization(), $1, r.line, array(select jsonb_array_elements_text(r.cells))
         from unnest($2::int[], $3::jsonb[]) as r (line, cells)`,
      [id, rows.map(({ line }) => line), rows.map(({ cells }) => JSON.stringify(cells))],
    );
    await sql.query('update private.imports set updated_at = now() where id = $1', [id]);
  }

  async ready(
    sql: TenantSql,
    id: string,
    found: Dialect & { columns: readonly string[]; rowCount: number },
  ): Promise<void> {
    await sql.query(
      `update private.imports set state = 'ready', encoding = $2, delimiter = $3, columns = $4, row_count = $5, updated_at = now()
        where id = $1 and state = 'reading'`,
      [id, found.encoding, found.delimiter, found.columns, found.rowCount],
    );
  }

  /** Gives it up, with what was read of it. */
  async fail(sql: TenantSql, id: string, code: string): Promise<void> {
    await sql.query('delete from private.import_rows where import_id = $1', [id]);
    await sql.query(`update private.imports set state = 'failed', error_code = $2, updated_at = now() where id = $1`, [
      id,
      code,
    ]);
  }

  async map(tx: TenantTx, organization: OrganizationId, id: string, mapping: ImportMapping): Promise<void> {
    await tx.import.update({
      where: { organizationId_id: { organizationId: organization, id } },
      data: { mapping },
    });
  }

  async launched(sql: TenantSql, id: string, job: string): Promise<void> {
    await sql.query(`update private.imports set state = 'launched', job_id = $2, updated_at = now() where id = $1`, [
      id,
      job,
    ]);
  }

  /** In the order of the file, after `after`. */
  async rows(sql: TenantSql, id: string, after: number, limit: number): Promise<CsvRow[]> {
    const { rows } = await sql.query<CsvRow>(
      'select line, cells from private.import_rows where import_id = $1 and line > $2 order by line limit $3',
      [id, after, limit],
    );
    return rows;
  }

  /** Says of what was broken off that it was, and takes away what is old. */
  async keepHouse(): Promise<void> {
    await this.system.query(
      `update private.imports set state = 'failed', error_code = 'interrupted', updated_at = now()
        where state = 'reading' and updated_at < now() - ${BROKEN_OFF}`,
    );
    await this.system.query(
      `delete from private.imports where ctid = any (array(
         select ctid from private.imports where updated_at < now() - ${KEPT} limit 20))`,
    );
  }
}
