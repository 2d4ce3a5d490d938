import { createTestDatabase } from '../../../testing/database.ts';
import { SessionKeysRepository } from '../modules/sessions/session-keys.repository.ts';
import { SessionKeysRotation } from '../modules/sessions/session-keys.rotation.ts';
import type { Lease } from '../modules/sessions/session-traffic.ts';
import { createPool } from '../platform/database/pools.ts';
import { SystemDb } from '../platform/database/system-db.ts';
import { Sealer } from '../platform/encryption/sealer.ts';
import { anOrganization, aSession } from './factories.ts';
import { aConfig, anEncryptionKey } from './settings.ts';
import { withClient } from './with-client.ts';

/** A repository of session keys on a database of its own, and the leases to write with. */
export type KeysBench<Keys extends SessionKeysRepository> = Readonly<{
  keys: Keys;
  system: SystemDb;
  /** A new session that this process owns. Its rows of the factory are gone: they are sealed with nothing. */
  lease(): Promise<Lease>;
  /** The same database through other encryption keys, the newest first. */
  resealed(encryptionKeys: string): Keys;
  rotation(encryptionKeys: string): SessionKeysRotation;
  close(): Promise<void>;
}>;

export async function openSessionKeys<Keys extends SessionKeysRepository>(
  Repository: new (system: SystemDb, sealer: Sealer) => Keys,
  encryptionKeys = anEncryptionKey('k1'),
): Promise<KeysBench<Keys>> {
  const database = await createTestDatabase();
  const configWith = (keys: string) => aConfig({ DATABASE_URL: database.url, ENCRYPTION_KEYS: keys });
  const pool = createPool(configWith(encryptionKeys), 'app_system', 4);
  const system = new SystemDb(pool);
  const resealed = (keys: string) => new Repository(system, new Sealer(configWith(keys)));
  return {
    keys: resealed(encryptionKeys),
    system,
    resealed,
    rotation: (keys) => new SessionKeysRotation(system, new Sealer(configWith(keys))),
    lease: () =>
      withClient(database.adminUrl, async (admin) => {
        const organization = await anOrganization(admin);
        const session = await aSession(admin, organization);
        await admin.query('delete from private.session_keys where session_id = $1', [session]);
        await admin.query('delete from private.session_inbox where session_id = $1', [session]);
        return { organization, session, epoch: 3n };
      }),
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}
