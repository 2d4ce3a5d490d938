import { randomBytes, randomUUID } from 'node:crypto';
import type { AuthenticationCreds, SignalKeyStore } from '@whiskeysockets/baileys';
import type { Lease } from '../../backend/src/modules/sessions/session-traffic.ts';

/** A module of the backend as it was built, which is how Wasel runs it. */
const built = <T>(path: string): Promise<T> => import(new URL(`../../backend/dist/${path}.js`, import.meta.url).href);

const { loadConfig } = await built<typeof import('../../backend/src/config/config.ts')>('config/config');
const { createPool } =
  await built<typeof import('../../backend/src/platform/database/pools.ts')>('platform/database/pools');
const { SystemDb } =
  await built<typeof import('../../backend/src/platform/database/system-db.ts')>('platform/database/system-db');
const { Sealer } =
  await built<typeof import('../../backend/src/platform/encryption/sealer.ts')>('platform/encryption/sealer');
const { SessionKeysRepository } = await built<
  typeof import('../../backend/src/modules/sessions/session-keys.repository.ts')
>('modules/sessions/session-keys.repository');
const { KeyStore } = await built<typeof import('../../backend/src/modules/sessions/whatsapp/key-store.ts')>(
  'modules/sessions/whatsapp/key-store',
);

export type DurableNumber = {
  keys: SignalKeyStore;
  creds: AuthenticationCreds;
  saveCreds: (creds: AuthenticationCreds) => Promise<void>;
};

/** Wasel's own key store, for Baileys without the rest of Wasel: same statements, same seal, as many connections. */
export class DurableKeys {
  private constructor(
    private readonly system: InstanceType<typeof SystemDb>,
    private readonly keys: InstanceType<typeof SessionKeysRepository>,
  ) {}

  /** @param key 32 bytes in base64, the same in every process that reads what another one wrote */
  static async open(databaseUrl: string, key: string): Promise<DurableKeys> {
    const config = loadConfig({
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: `bench:${key}`,
      AUTH_SECRET: randomBytes(32).toString('hex'),
    });
    const system = new SystemDb(createPool(config, 'app_system', config.database.poolMax));
    return new DurableKeys(system, new SessionKeysRepository(system, new Sealer(config)));
  }

  async create(): Promise<DurableNumber> {
    const organization = randomUUID();
    const session = randomUUID();
    await this.system.query(
      `with o as (insert into organizations (id, name, country, language, time_zone) values ($1, 'bench', 'IL', 'en', 'UTC')),
        s as (insert into sessions (organization_id, id, name) values ($1, $2, 'bench'))
       insert into private.session_leases (organization_id, session_id, epoch) values ($1, $2, 1)`,
      [organization, session],
    );
    return this.number({ organization, session, epoch: 1n } as Lease);
  }

  async all(): Promise<DurableNumber[]> {
    const { rows } = await this.system.query<{ organization_id: string; session_id: string }>(
      `select organization_id, session_id from private.session_keys where type = 'creds' order by session_id`,
    );
    return Promise.all(
      rows.map((row) =>
        this.number({ organization: row.organization_id, session: row.session_id, epoch: 1n } as Lease),
      ),
    );
  }

  private async number(lease: Lease): Promise<DurableNumber> {
    const keys = new KeyStore(this.keys, lease, (error) => {
      throw error;
    });
    return { keys, creds: await keys.loadCreds(), saveCreds: (creds) => keys.saveCreds(creds) };
  }
}
