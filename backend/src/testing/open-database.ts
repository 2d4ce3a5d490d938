import { Client, type Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { createPool, type DatabaseRole } from '../platform/database/pools.ts';
import { aConfig } from './settings.ts';

/** A database of one test's own, and connections to it that end with it. */
export type OpenDatabase = Readonly<
  Omit<TestDatabase, 'drop'> & {
    /** A connection as the superuser. */
    admin: Client;
    /** Opens a further one as the superuser. */
    logInAsAdmin(): Promise<Client>;
    /** Opens one as the role that the product logs in as. */
    logIn(): Promise<Client>;
    /** Connections as the product has them. */
    pool(role: DatabaseRole, max: number): Pool;
    close(): Promise<void>;
  }
>;

export async function openDatabase(): Promise<OpenDatabase> {
  const database = await createTestDatabase();
  const { url, adminUrl } = database;
  const opened: (Client | Pool)[] = [];
  const connect = async (connectionString: string): Promise<Client> => {
    const client = new Client({ connectionString });
    opened.push(client);
    await client.connect();
    return client;
  };
  return {
    url,
    adminUrl,
    admin: await connect(adminUrl),
    logInAsAdmin: () => connect(adminUrl),
    logIn: () => connect(url),
    pool: (role, max) => {
      const pool = createPool(aConfig({ DATABASE_URL: url }), role, max);
      opened.push(pool);
      return pool;
    },
    close: async () => {
      await Promise.all(opened.map((one) => one.end()));
      await database.drop();
    },
  };
}
