import { join } from 'node:path';
import { backup } from './backup/backup.ts';
import { houseMediaDir, houseSecrets } from './lib/house-settings.ts';
import { STATE } from './lib/paths.ts';
import { runCommand } from './lib/run-command.ts';
import { loadEnvFile } from './lib/settings.ts';
import { withDatabase } from './lib/with-database.ts';

/** `npm run backup [-- directory]`: everything that the product keeps, as it is at this moment; see docs/operating/backup.md. */
await runCommand(async () => {
  loadEnvFile();
  const now = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  const directory = process.argv[2] ?? join(STATE, 'backups', now);
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  await withDatabase((databaseUrl) =>
    backup({ databaseUrl, mediaDir: houseMediaDir(), secrets: houseSecrets(), directory, log }),
  );
  log(
    `The backup is in ${directory}. It is worth nothing without ENCRYPTION_KEYS and AUTH_SECRET: keep them elsewhere.`,
  );
});
