import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../../../testing/database.ts';
import { prismaDdl } from '../../testing/prisma-ddl.ts';
import { type SchemaShape, schemaShape } from '../../testing/schema-shape.ts';
import { withClient } from '../../testing/with-client.ts';

const databases: TestDatabase[] = [];
let schema: string;
let migrated: SchemaShape;

beforeAll(async () => {
  schema = await readFile(new URL('../../../../prisma/schema.prisma', import.meta.url), 'utf8');
  const database = await createTestDatabase();
  databases.push(database);
  migrated = await withClient(database.adminUrl, schemaShape);
});
afterAll(async () => {
  for (const database of databases) await database.drop();
});

/** What Prisma believes: its own DDL for a schema, run on an empty database. */
async function believed(content: string): Promise<SchemaShape> {
  const database = await createEmptyDatabase();
  databases.push(database);
  return withClient(database.adminUrl, async (client) => {
    await client.query(await prismaDdl(content, database.adminUrl));
    return schemaShape(client);
  });
}

describe('schema.prisma', () => {
  it('says what the migrations have made: tables, columns, types, defaults, keys, indexes', async () => {
    expect(await believed(schema)).toEqual(migrated);
  });

  it.each([
    ['a column', /email +String\n/, 'email String\n nick String\n', 'public.users', 'column nick text not null'],
    ['a type', /sizeBytes +BigInt/, 'sizeBytes Int', 'public.media', 'column size_bytes integer not null'],
    ['nullability', /fileName +String\?/, 'fileName String', 'public.media', 'column file_name text not null'],
    [
      'an index',
      /, map: "memberships_by_user"/,
      '',
      'public.memberships',
      ' INDEX memberships_user_id_idx btree (user_id)',
    ],
    ['a default', /name +String +@default\(""\)/, 'name String', 'public.users', 'column name text not null'],
  ])('would be caught out if it lied about %s', async (_, from, to, table, line) => {
    const lie = await believed(schema.replace(from, to));
    expect(lie[table]?.filter((one) => !migrated[table]?.includes(one))).toEqual([line]);
    expect({ ...lie, [table]: migrated[table] }).toEqual(migrated);
  });

  it('would be caught out if it forgot a table', async () => {
    const forgetful = await believed(schema.replace(/model AuthJwks \{[^}]+\}/, ''));
    expect(Object.keys(migrated).filter((table) => !(table in forgetful))).toEqual(['private.auth_jwks']);
  });
});
