/** The sandbox as a process: `node dist/main.js`. Configured by environment variables, see `config.ts`. */
import pino from 'pino';
import { readConfig } from './config.ts';
import { createDemoPhones } from './demo-phones.ts';
import { startSandbox } from './index.ts';
import { silenceLibsignal } from './silence-libsignal.ts';

silenceLibsignal();

try {
  const { sandbox: options, logLevel, demoPhones } = readConfig(process.env);
  const log = pino({ name: 'sandbox', level: logLevel }, pino.destination(2));
  const sandbox = await startSandbox({ ...options, log });
  if (demoPhones) createDemoPhones(sandbox);
  // One line of JSON on stdout: whoever started the process knows where it is and that it is ready.
  process.stdout.write(`${JSON.stringify({ ready: true, environment: 'SANDBOX', url: sandbox.url })}\n`);

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void sandbox.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
} catch (error) {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  process.stderr.write(`sandbox: ${code === 'EADDRINUSE' ? `port ${port} is in use` : message}\n`);
  process.exit(1);
}
