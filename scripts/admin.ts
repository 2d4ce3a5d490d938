import { join } from 'node:path';
import { Console } from './lib/console.ts';
import { ROOT } from './lib/paths.ts';
import { runCommand } from './lib/run-command.ts';
import { loadEnvFile } from './lib/settings.ts';
import { runTool } from './lib/tool.ts';
import { UserFacingError } from './lib/user-facing-error.ts';
import { withDatabase } from './lib/with-database.ts';
import { buildAll } from './lib/workspaces.ts';

const USAGE = `Say who runs this installation:
  npm run admin -- grant <email>
  npm run admin -- revoke <email>
  npm run admin -- list`;

/** `npm run admin -- grant|revoke|list`: makes and unmakes super_admins; see docs/operating/operator.md. */
await runCommand(async () => {
  const [command = '', who, ...more] = process.argv.slice(2);
  const wanted = { grant: 1, revoke: 1, list: 0 }[command];
  if (wanted === undefined || (who === undefined ? 0 : 1) !== wanted || more.length > 0)
    throw new UserFacingError(USAGE);
  loadEnvFile();
  await buildAll(new Console(), ['backend']);
  let said = '';
  try {
    await withDatabase((databaseUrl) =>
      runTool({
        name: 'admin',
        command: process.execPath,
        args: [join(ROOT, 'backend/dist/admin.js'), command, ...(who === undefined ? [] : [who])],
        env: { DATABASE_URL: databaseUrl },
        onLine: (line) => (said += `${line}\n`),
      }),
    );
  } catch (error) {
    if (said === '') throw error;
    process.stderr.write(said); // what it could not do, in its own words alone
    return 1;
  }
  process.stdout.write(said);
  return 0;
});
