import { join } from 'node:path';
import { Console } from './lib/console.ts';
import { ROOT, STATE } from './lib/paths.ts';
import { runCommand } from './lib/run-command.ts';
import { loadSecrets } from './lib/secrets.ts';
import { loadEnvFile } from './lib/settings.ts';
import { runTool } from './lib/tool.ts';
import { withDatabase } from './lib/with-database.ts';
import { buildAll } from './lib/workspaces.ts';

/** `npm run keys:rotate`: seals the secrets of all numbers with the first of ENCRYPTION_KEYS. */
await runCommand(async () => {
  loadEnvFile();
  await buildAll(new Console(), ['backend']);
  // What the embedded database holds was sealed with the launcher's own secrets.
  const secrets = process.env.DATABASE_URL ? undefined : loadSecrets(STATE);
  await withDatabase((databaseUrl) =>
    runTool({
      name: 'keys:rotate',
      command: process.execPath,
      args: [join(ROOT, 'backend/dist/rotate-keys.js')],
      env: {
        DATABASE_URL: databaseUrl,
        ENCRYPTION_KEYS: process.env.ENCRYPTION_KEYS || secrets?.ENCRYPTION_KEYS,
        AUTH_SECRET: process.env.AUTH_SECRET || secrets?.AUTH_SECRET,
      },
      onLine: (line) => void process.stdout.write(`${line}\n`),
    }),
  );
});
