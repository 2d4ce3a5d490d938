import { migrate } from './database/migrate.ts';
import { Console } from './lib/console.ts';
import { findFreePort } from './lib/ports.ts';
import { runCommand } from './lib/run-command.ts';
import { backendService, dashboardService, type Launch } from './lib/services.ts';
import { loadEnvFile, readSettings } from './lib/settings.ts';
import { Supervisor } from './lib/supervisor.ts';
import { UserFacingError } from './lib/user-facing-error.ts';

/**
 * The start on a server, on what `npm run build` made: migrates, then serves API and dashboard on one port until
 * SIGTERM, which drains. Nothing is generated or installed: database and secrets come from the environment. When the
 * backend ends by itself, so does this, and the host starts it again; the dashboard is started again here.
 */
await runCommand(async () => {
  loadEnvFile();
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new UserFacingError('DATABASE_URL is not set: give it the address of your Postgres.');
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  if (!process.env.MEDIA_DIR && process.env.MEDIA_STORE !== 's3')
    say('MEDIA_DIR is not set: a deploy loses the files, and no other node reads them.');
  await migrate(databaseUrl, { log: say });

  const stopping = new AbortController();
  const terminated = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => resolve());
  });
  void terminated.then(() => stopping.abort());

  const launch = await productionLaunch((_service, line) => say(line));
  const dashboard = new Supervisor(new Console(), stopping.signal);
  try {
    await dashboard.run(dashboardService(launch));
    const backend = await backendService(launch, databaseUrl).start(stopping.signal);
    const outcome = await Promise.race([backend.exited, terminated]);
    await backend.stop();
    if (outcome !== undefined) throw new UserFacingError(`The backend ended (${outcome}).`);
  } catch (error) {
    if (!stopping.signal.aborted) throw error; // told to stop while it still started, it has nothing to complain of
  } finally {
    // Whatever happened, a dashboard that stayed would keep this process, and the host would wait for it.
    stopping.abort();
    await dashboard.stop([]);
  }
});

async function productionLaunch(log: Launch['log']): Promise<Launch> {
  const env = { ...process.env, HOST: process.env.HOST || '0.0.0.0', WHATSAPP: undefined };
  const settings = { ...readSettings(env), whatsapp: process.env.WHATSAPP_SANDBOX_URL ? 'sandbox' : 'live' } as const;
  const dashboard = await findFreePort();
  return {
    settings,
    ports: { dashboard, sandbox: 0, sandboxMedia: 0, postgres: 0 },
    secrets: undefined,
    watch: false,
    register: () => () => undefined,
    log,
  };
}
