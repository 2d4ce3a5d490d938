import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm'; // imports its .wasm as a module, which Jest knows how to do

/**
 * The DDL that Prisma itself would run to make the tables of a schema on an empty database, ignored models included. It is
 * the CLI's own engine, as WebAssembly.
 *
 * @param databaseUrl a Postgres to ask for its version and settings; nothing is written to it
 */
export async function prismaDdl(schema: string, databaseUrl: string): Promise<string> {
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }));
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    if (stdout === null) throw new Error('The schema engine said nothing.');
    return stdout;
  } finally {
    engine.free();
  }
}
