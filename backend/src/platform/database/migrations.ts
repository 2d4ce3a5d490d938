import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { SystemDb } from './system-db.ts';

/** The same for the sources and for what is compiled of them. */
const DIRECTORY = resolve(import.meta.dirname, '../../../../prisma/migrations');

/** The migrations that this build came with, against those that the database has. */
@Injectable()
export class Migrations {
  private readonly names = readdirSync(DIRECTORY, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  constructor(private readonly system: SystemDb) {}

  /** Those that were not applied. A database that has others as well is fine: during a deploy the version before still runs. */
  async missing(): Promise<string[]> {
    const { rows } = await this.system.query<{ name: string }>(
      `select name from unnest($1::text[]) as build (name)
        where not exists (select from public._prisma_migrations
                           where migration_name = name and finished_at is not null and rolled_back_at is null)
        order by name`,
      [this.names],
    );
    return rows.map(({ name }) => name);
  }
}
