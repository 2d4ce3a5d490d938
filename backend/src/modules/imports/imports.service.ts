import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { Import } from '../../generated/prisma/client.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import { ImportId, JobId, type OrganizationId } from '../../kernel/ids.ts';
import type { Phone } from '../../kernel/phone.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Caller } from '../auth/caller.ts';
import { BULK_MAX, type BulkMessage } from '../bulk/bulk.dto.ts';
import { BulkService } from '../bulk/bulk.service.ts';
import type { JobView } from '../jobs/jobs.dto.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { TemplateInactive, TemplateNotFound } from '../templates/templates.errors.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import type { Fillable } from '../templates/templates.repository.ts';
import { type CsvRow, dialectOf, readRows } from './csv-reader.ts';
import {
  ImportMapping,
  type ImportReport,
  type ImportState,
  type ImportView,
  type LaunchImport,
} from './imports.dto.ts';
import {
  ImportChanged,
  ImportEmpty,
  ImportNotFound,
  ImportNotMapped,
  ImportNotReady,
  ImportTooLarge,
} from './imports.errors.ts';
import { ImportsRepository } from './imports.repository.ts';
import { type Checked, phoneIn, RowChecker } from './imports.rules.ts';

const FILE_MAX_BYTES = 20 * 1024 * 1024;
/** Rows in one statement, and in memory. */
const PAGE = 500;
const PREVIEW_ROWS = 10;
const BAD_ROWS_SHOWN = 50;

@Injectable()
export class ImportsService {
  constructor(
    private readonly db: TenantDb,
    private readonly imports: ImportsRepository,
    private readonly templates: TemplatesService,
    private readonly bulk: BulkService,
    private readonly jobs: JobsService,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Reads a file into rows, a part at a time; from then on it needs the file no more. One that is not read to its end is
   * `failed`, with the reason, and was never `ready`.
   * @throws ImportUnreadable | ImportTooLarge | ImportEmpty
   */
  async upload(by: Caller, content: Readable, fileName: string | undefined): Promise<ImportView> {
    const { organization } = by;
    const name = nameOf(fileName);
    const directory = await mkdtemp(join(tmpdir(), 'wasel-import-'));
    try {
      const path = join(directory, 'file.csv');
      await pipeline(content, atMost(FILE_MAX_BYTES), createWriteStream(path));
      await this.imports.keepHouse();
      const { id } = await this.db.asTenant(organization, async (tx) => {
        const made = await this.imports.create(tx, organization, name, by.actor.name);
        const target = { type: 'import' as const, id: made.id };
        await this.audit.add(tx, by, { action: 'import.created', target, changes: { file: { to: name } } });
        return made;
      });
      await this.read(organization, id, path).catch(async (error: unknown) => {
        const code = error instanceof DomainError ? error.code : 'interrupted';
        await this.db.asTenantSql(organization, (sql) => this.imports.fail(sql, id, code));
        throw error;
      });
      return await this.get(organization, ImportId.parse(id));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async read(organization: OrganizationId, id: string, path: string): Promise<void> {
    const dialect = await dialectOf(path);
    let columns: readonly string[] | undefined;
    let rowCount = 0;
    let page: CsvRow[] = [];
    const store = async () => {
      if (page.length > 0) await this.db.asTenantSql(organization, (sql) => this.imports.addRows(sql, id, page));
      page = [];
    };
    for await (const row of readRows(path, dialect)) {
      if (!columns) {
        columns = row.cells;
        continue;
      }
      if (++rowCount > BULK_MAX) throw new ImportTooLarge(BULK_MAX, FILE_MAX_BYTES);
      page.push(row);
      if (page.length === PAGE) await store();
    }
    await store();
    if (!columns || rowCount === 0) throw new ImportEmpty();
    const found = { ...dialect, columns, rowCount };
    await this.db.asTenantSql(organization, (sql) => this.imports.ready(sql, id, found));
  }

  /** @throws ImportNotFound */
  async get(organization: OrganizationId, id: ImportId): Promise<ImportView> {
    const row = await this.find(organization, id);
    const preview = await this.db.asTenantSql(organization, (sql) => this.imports.rows(sql, id, 0, PREVIEW_ROWS));
    return toView(row, preview);
  }

  /** Says what the columns mean, and tells what that makes of the rows. @throws ImportNotFound | ImportNotReady | TemplateNotFound | TemplateInactive | RequestInvalid */
  async map(organization: OrganizationId, id: ImportId, mapping: ImportMapping): Promise<ImportReport> {
    const row = await this.find(organization, id);
    if (row.state !== 'ready') throw new ImportNotReady(row.errorCode ?? row.state);
    assertColumns(mapping, row.columns.length);
    const template = await this.db.asTenantSql(organization, (sql) => this.templateOf(sql, mapping));
    await this.db.asTenant(organization, (tx) => this.imports.map(tx, organization, id, mapping));
    const report: ImportReport = { good: 0, bad: 0, duplicates: 0, bad_rows: [], sample: null };
    for await (const { checked } of this.checked(organization, id, mapping, template)) {
      if ('message' in checked) {
        report.good += 1;
        report.sample ??= { to: checked.message.to, text: checked.text };
        continue;
      }
      report[checked.fault === 'duplicate' ? 'duplicates' : 'bad'] += 1;
      if (report.bad_rows.length < BAD_ROWS_SHOWN) report.bad_rows.push(checked);
    }
    return report;
  }

  /** The rows that would not be sent to, with their faults and their cells. @throws ImportNotFound | ImportNotMapped */
  async badRows(organization: OrganizationId, id: ImportId): Promise<AsyncIterable<string>> {
    const { mapping, columns } = await this.find(organization, id);
    if (mapping === null) throw new ImportNotMapped();
    const known = ImportMapping.parse(mapping);
    const template = await this.db.asTenantSql(organization, (sql) => this.templateOf(sql, known));
    const rows = this.checked(organization, id, known, template);
    return (async function* lines() {
      yield `\uFEFF${csvLine(['line', 'fault', 'detail', ...columns])}`;
      for await (const { row, checked } of rows)
        if ('fault' in checked) yield csvLine([String(row.line), checked.fault, checked.detail, ...row.cells]);
    })();
  }

  /**
   * Sends to the good rows, once, however often it is asked for: whoever comes second is told of the job of the first.
   * @throws ImportNotFound | ImportNotReady | ImportNotMapped | ImportChanged, and as `BulkService.accept`
   */
  async launch(by: Caller, id: ImportId, { expected, ...delivery }: LaunchImport): Promise<JobView> {
    const { organization } = by;
    const { mapping, fileName } = await this.find(organization, id);
    if (mapping === null) throw new ImportNotMapped();
    const known = ImportMapping.parse(mapping);
    const template = await this.db.asTenantSql(organization, (sql) => this.templateOf(sql, known));
    const messages: BulkMessage[] = [];
    for await (const { checked } of this.checked(organization, id, known, template))
      if ('message' in checked) messages.push(checked.message);
    const accepted = await settlingPeople(this.db, organization, async (sql) => {
      const held = await this.imports.lock(sql, id);
      if (held?.job_id) return { job: JobId.parse(held.job_id), session: null };
      if (held?.state !== 'ready') throw new ImportNotReady(held?.state ?? 'gone');
      if (messages.length !== expected) throw new ImportChanged(messages.length);
      const made = await this.bulk.accept(sql, by, { ...delivery, name: fileName, messages });
      await this.imports.launched(sql, id, made.job_id);
      return { job: made.job_id, session: made.session_id };
    });
    if (accepted.session) this.jobs.begun(by, [accepted.session]);
    return this.jobs.get(organization, accepted.job);
  }

  /** Every row with its number as E.164, for who asks what the columns mean by himself. @throws ImportNotFound | ImportNotReady */
  async people(
    sql: TenantSql,
    id: ImportId,
    { phoneColumn, country }: Readonly<{ phoneColumn: number; country: string | undefined }>,
  ): Promise<(CsvRow & { phone: Phone | null })[]> {
    const found = await this.imports.stateOf(sql, id);
    if (!found) throw new ImportNotFound(id);
    if (found.state !== 'ready' && found.state !== 'launched') throw new ImportNotReady(found.state);
    const rows = await this.imports.rows(sql, id, 0, BULK_MAX);
    return rows.map((row) => ({ ...row, phone: phoneIn(row.cells[phoneColumn] ?? '', country) }));
  }

  private async find(organization: OrganizationId, id: ImportId): Promise<Import> {
    const row = await this.db.asTenant(organization, (tx) => this.imports.find(tx, id));
    if (!row) throw new ImportNotFound(id);
    return row;
  }

  private async templateOf(sql: TenantSql, { template_id: id }: ImportMapping): Promise<Fillable | null> {
    if (id === undefined) return null;
    const template = (await this.templates.load(sql, [id])).get(id);
    if (!template) throw new TemplateNotFound(id);
    if (!template.active) throw new TemplateInactive(id);
    return template;
  }

  /** Every row with what becomes of it. Each page is a transaction of its own, and others have a turn between. */
  private async *checked(
    organization: OrganizationId,
    id: ImportId,
    mapping: ImportMapping,
    template: Fillable | null,
  ): AsyncIterable<{ row: CsvRow; checked: Checked }> {
    const checker = new RowChecker(mapping, template);
    for (let after = 0; ;) {
      const from = after;
      const rows = await this.db.asTenantSql(organization, (sql) => this.imports.rows(sql, id, from, PAGE));
      for (const row of rows) yield { row, checked: checker.check(row) };
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.line ?? after;
    }
  }
}

/** Of a job as well: without directories and control characters. */
const nameOf = (fileName = ''): string =>
  Array.from(fileName.replace(/^.*[\\/]/s, '').replaceAll(/\p{Cc}/gu, ''))
    .slice(0, 200)
    .join('') || 'people.csv';

/** Breaks off what is longer. */
function atMost(bytes: number): Transform {
  let read = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      read += chunk.length;
      done(read > bytes ? new ImportTooLarge(BULK_MAX, bytes) : null, chunk);
    },
  });
}

function assertColumns(mapping: ImportMapping, columns: number): void {
  const named: readonly (readonly [string, number | undefined])[] = [
    ['phone_column', mapping.phone_column],
    ['text_column', mapping.text_column],
    ...Object.entries(mapping.variables ?? {}).map(([name, column]) => [`variables/${name}`, column] as const),
  ];
  const wrong = named.filter(([, column]) => column !== undefined && column >= columns);
  if (wrong.length > 0)
    throw new RequestInvalid(
      wrong.map(([path]) => ({ path: path.split('/'), message: `The file has ${columns} columns; the first is 0.` })),
    );
}

function toView(row: Import, preview: readonly CsvRow[]): ImportView {
  return {
    id: ImportId.parse(row.id),
    file_name: row.fileName,
    state: row.state as ImportState,
    error_code: row.errorCode,
    encoding: row.encoding,
    delimiter: row.delimiter,
    columns: row.columns,
    row_count: row.rowCount,
    preview: preview.map(({ line, cells }) => ({ line, cells: [...cells] })),
    mapping: row.mapping === null ? null : ImportMapping.parse(row.mapping),
    job_id: row.jobId === null ? null : JobId.parse(row.jobId),
    created_at: row.createdAt.toISOString(),
  };
}
