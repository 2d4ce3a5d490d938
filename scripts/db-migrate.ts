import { migrate } from './database/migrate.ts';
import { runCommand } from './lib/run-command.ts';
import { loadEnvFile } from './lib/settings.ts';
import { withDatabase } from './lib/with-database.ts';

/** `npm run db:migrate`: brings a database up to date, as every start does by itself. */
await runCommand(async () => {
  loadEnvFile();
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  const applied = await withDatabase((databaseUrl) => migrate(databaseUrl, { log }));
  if (applied.length === 0) log('The database is up to date.');
});
