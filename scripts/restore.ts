import { parseArgs } from 'node:util';
import { readManifest } from './backup/manifest.ts';
import { restore } from './backup/restore.ts';
import { retire } from './backup/retire.ts';
import { houseMediaDir, houseSecrets } from './lib/house-settings.ts';
import { runCommand } from './lib/run-command.ts';
import { loadEnvFile } from './lib/settings.ts';
import { UserFacingError } from './lib/user-facing-error.ts';
import { withDatabase } from './lib/with-database.ts';

const USAGE = `npm run restore -- <directory of the backup> and one of
  --old-house-is-stopped           nothing runs on the database that the backup is of, and nothing will
  --retire <its DATABASE_URL>      take the numbers from it now, whether it runs or not`;

/** `npm run restore -- <directory> ...`: puts a backup into an empty database; see docs/operating/backup.md. */
await runCommand(async () => {
  loadEnvFile();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'old-house-is-stopped': { type: 'boolean' }, retire: { type: 'string' } },
  });
  const [directory] = positionals;
  if (directory === undefined || (!values['old-house-is-stopped'] && values.retire === undefined)) {
    throw new UserFacingError(`One number may run in one house only. Say what becomes of the other:\n\n${USAGE}`);
  }
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  const manifest = readManifest(directory);
  await withDatabase(async (databaseUrl) => {
    await restore({ directory, databaseUrl, mediaDir: houseMediaDir(), secrets: houseSecrets(), log });
  });
  // Last, so that a restore that fails leaves the old house at work; no node runs on the new one yet.
  if (values.retire !== undefined)
    log(`${await retire(values.retire, manifest)} numbers taken from ${manifest.source}`);
  log(`Restored as of ${manifest.takenAt}. Numbers connect when it is started.`);
});
