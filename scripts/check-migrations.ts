import { checkLocks } from './database/lock-check.ts';
import { readMigrations } from './database/migration-files.ts';
import { runCommand } from './lib/run-command.ts';
import { UserFacingError } from './lib/user-facing-error.ts';

/** Part of `npm run check`: no migration keeps people waiting who use the tables. */
await runCommand(async () => {
  const lines = await checkLocks(readMigrations());
  if (lines.length > 0) throw new UserFacingError(lines.join('\n'));
});
