import { runCommand } from './lib/run-command.ts';
import { generateDatabaseClient } from './lib/workspaces.ts';

await runCommand(async () => {
  const generated = await generateDatabaseClient();
  process.stdout.write(generated ? 'The database client is generated.\n' : 'The database client is up to date.\n');
});
