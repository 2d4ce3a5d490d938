import { SessionKeysRepository } from '../modules/sessions/session-keys.repository.ts';
import { SessionKeysRotation } from '../modules/sessions/session-keys.rotation.ts';
import type { Lease } from '../modules/sessions/session-traffic.ts';
import { SystemDb } from '../platform/database/system-db.ts';
import { Sealer } from '../platform/encryption/sealer.ts';
import { anOrganization, aSession, leaseOf } from './factories.ts';
import { openDatabase } from './open-database.ts';
import { aConfig, anEncryptionKey } from './settings.ts';

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
  const database = await openDatabase();
  const configWith = (keys: string) => aConfig({ DATABASE_URL: database.url, ENCRYPTION_KEYS: keys });
  const system = new SystemDb(database.pool('app_system', 4));
  const resealed = (keys: string) => new Repository(system, new Sealer(configWith(keys)));
  return {
    keys: resealed(encryptionKeys),
    system,
    resealed,
    rotation: (keys) => new SessionKeysRotation(system, new Sealer(configWith(keys))),
    lease: async () => {
      const { admin } = database;
      const organization = await anOrganization(admin);
      const session = await aSession(admin, organization);
      await admin.query('delete from private.session_keys where session_id = $1', [session]);
      await admin.query('delete from private.session_proxies where session_id = $1', [session]);
      await admin.query('delete from private.session_inbox where session_id = $1', [session]);
      return leaseOf({ organization, session });
    },
    close: () => database.close(),
  };
}
