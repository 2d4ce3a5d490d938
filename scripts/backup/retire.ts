import { Client } from 'pg';
import { addressOf } from './backup.ts';
import { UserFacingError } from '../lib/user-facing-error.ts';
import type { Manifest } from './manifest.ts';

/**
 * Takes every number from the house that a backup is of, whether it runs or not: no node of it writes in a number's name from
 * then on, connections are closed with the next renewal of leases (3 s), and none is opened again until a person asks for it
 * there. Two houses that run one number throw each other out and spoil its ratchets.
 *
 * @returns how many numbers it had.
 * @throws UserFacingError when it is another house.
 */
export async function retire(oldDatabaseUrl: string, manifest: Manifest): Promise<number> {
  const address = addressOf(oldDatabaseUrl);
  if (address !== manifest.source) {
    throw new UserFacingError(
      `The backup is of ${manifest.source} and not of ${address}: name the database that it is of.`,
    );
  }
  const client = new Client({ connectionString: oldDatabaseUrl, application_name: 'wasel retire' });
  await client.connect();
  try {
    await client.query('begin; set local role app_system');
    await client.query(
      `update private.session_leases set owner_node = null, epoch = epoch + 1, expires_at = '-infinity'`,
    );
    const { rowCount } = await client.query(
      `update sessions set intent = 'stop', intent_version = intent_version + 1, settled_version = intent_version + 1,
                           state = 'disconnected', reason = 'stopped', connected_since = null, updated_at = now()
        where deleted_at is null`,
    );
    await client.query('commit');
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
