import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.ts';
import { type Config, loadConfig } from './config/config.ts';
import { setUpHttp } from './set-up-http.ts';
import { SystemClock } from './kernel/clock.ts';
import { FailureReports } from './platform/failures/failure-reports.ts';
import { failureSinks } from './platform/failures/sinks.ts';
import { createLog, NestLogger } from './platform/logging/logger.ts';

/** Longest time that a shutdown may take before the process ends anyway; hosts kill a little later. */
const SHUTDOWN_MAX_MS = 25_000;

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

const config = readConfig();
const reports = new FailureReports(failureSinks(config), new SystemClock());
const log = createLog(config.log.level, (failure) => reports.note(failure));
const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config), {
  bodyParser: false,
  logger: new NestLogger(log),
  abortOnError: false,
});
setUpHttp(app);
if (config.production && !config.media.chosen && !config.media.s3)
  log.warn({ dir: config.media.dir }, 'MEDIA_DIR is not set: a deploy loses the files, and no other node reads them');

/** Ends when failures have been told; a sink that does not answer has a time-out of its own. */
const exit = (code: number): void => void reports.flush().then(() => process.exit(code));

let stopping = false;
/** Stops taking requests, hands sessions over, closes the database, and ends; a second signal ends at once. */
function stop(signal: string, exitCode = 0): void {
  if (stopping) process.exit(1);
  stopping = true;
  log.info({ signal }, 'stopping');
  setTimeout(() => process.exit(1), SHUTDOWN_MAX_MS).unref();
  app.close().then(
    () => exit(exitCode),
    (error: unknown) => {
      log.error({ err: error }, 'did not stop cleanly');
      exit(1);
    },
  );
}
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
process.on('unhandledRejection', (reason) => {
  log.fatal({ err: reason }, 'a failure that nobody handled');
  stop('unhandledRejection', 1);
});

try {
  await app.listen(config.http.port, config.http.host);
  log.info({ url: await app.getUrl() }, 'listening');
} catch (error) {
  log.fatal({ err: error }, 'could not start');
  exit(1);
}
