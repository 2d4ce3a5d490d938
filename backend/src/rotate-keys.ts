import { loadConfig } from './config/config.ts';
import { SessionKeysRotation } from './modules/sessions/session-keys.rotation.ts';
import { placeOf as placeOfDestination } from './modules/alerts/alert-destinations.repository.ts';
import { placeOf as placeOfWebhookSecret } from './modules/webhooks/webhook-secrets.ts';
import { placeOf as placeOfMail } from './platform/mail/mail-queue.ts';
import { createPool } from './platform/database/pools.ts';
import { SystemDb } from './platform/database/system-db.ts';
import { SealedRowsRotation } from './platform/encryption/sealed-rows.rotation.ts';
import { Sealer } from './platform/encryption/sealer.ts';

/** Secrets in one statement: some hundred kilobytes. */
const STEP = 500;

/** The program behind `npm run keys:rotate`: seals every secret with the first of ENCRYPTION_KEYS, and says how far it is. */
async function rotateKeys(): Promise<void> {
  const config = loadConfig(process.env);
  const pool = createPool(config, 'app_system', 1);
  try {
    const sealer = new Sealer(config);
    const system = new SystemDb(pool);
    const rotations = [
      new SessionKeysRotation(system, sealer),
      new SealedRowsRotation(system, sealer, 'private.mails', placeOfMail),
      new SealedRowsRotation(system, sealer, 'private.alert_destinations', placeOfDestination),
      new SealedRowsRotation(system, sealer, 'private.webhook_secrets', placeOfWebhookSecret),
    ];
    const leftOf = async () =>
      (await Promise.all(rotations.map((one) => one.left()))).reduce((sum, one) => sum + one, 0);
    const total = await leftOf();
    if (total === 0) return say(`Every secret is sealed with "${sealer.currentKeyId}": nothing to do.`);
    let done = 0;
    for (const rotation of rotations) {
      let found: number;
      do {
        found = await rotation.renew(STEP);
        done += found;
        say(`${Math.min(done, total)} of ${total} secrets sealed with "${sealer.currentKeyId}"`);
      } while (found === STEP);
    }
    const left = await leftOf();
    if (left > 0)
      throw new Error(
        `${left} secrets are left with an older key, because a node runs that does not seal with "${sealer.currentKeyId}". Nothing is lost: restart every node with ENCRYPTION_KEYS as they are here, and do this again.`,
      );
    say('Done. The older keys may leave ENCRYPTION_KEYS.');
  } finally {
    await pool.end();
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await rotateKeys();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
